using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>The product's own inspector and loader over the folder of real models.</summary>
internal sealed class RealModels : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("real-models-").FullName;
    private readonly ModelFileCache _cache;

    public RealModels()
    {
        var options = Options.Create(
            new InferenceOptions { CacheFolder = _folder, ExecutionProvider = ExecutionProviderChoice.Cpu, MaxBatchSize = 2 });
        var sessions = Bench.Sessions(options.Value);
        var opener = new ModelOpener(sessions);
        _cache = new ModelFileCache(new Folder(), options, TimeProvider.System, NullLogger<ModelFileCache>.Instance);
        Inspector = new ModelInspector(_cache, opener, options);
        Loader = new ModelLoader(_cache, opener, sessions, options, TimeProvider.System, NullLogger<ModelLoader>.Instance);
    }

    public ModelInspector Inspector { get; }

    public ModelLoader Loader { get; }

    /// <summary>A model as registration makes it: with what the inspection resolved.</summary>
    public async Task<ModelReference> InspectAsync(string model, ModelConfiguration configuration, string[]? classes)
    {
        var path = Folder.KeyOf(model);
        var inspection = await Inspector.InspectAsync(
            new InspectModel { FilePath = path, Configuration = configuration, Classes = classes }, CancellationToken.None);
        Assert.Null(inspection.Fault);
        return new()
        {
            ModelId = Guid.NewGuid(),
            DisplayName = model,
            FilePath = path,
            Configuration = inspection.Configuration,
            Classes = inspection.Classes,
        };
    }

    /// <summary>A picture as a camera delivers it: I420, BT.601, limited range.</summary>
    public static async Task<VideoFrame> ReadPicture(string picture)
    {
        var path = RealData.PathOf("images/" + picture);
        var size = (await Run("ffprobe", $"-v error -show_entries stream=width,height -of csv=p=0 {path}")).ToArray();
        var sides = System.Text.Encoding.ASCII.GetString(size).Trim().Split(',').Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        var frame = Bench.Frames.Rent(sides[0], sides[1]);
        var content = await Run(
            "ffmpeg", $"-v error -i {path} -vf scale=out_range=tv:out_color_matrix=bt601,format=yuv420p -f rawvideo -");
        content.ToArray().CopyTo(frame.Data);
        return frame;
    }

    public void Dispose()
    {
        Inspector.Dispose();
        Loader.Dispose();
        _cache.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<MemoryStream> Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private sealed class Folder : IModelFiles
    {
        public static string KeyOf(string model) =>
            "sha256/" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(RealData.PathOf("models/" + model))));

        public Task FetchAsync(string path, string targetFile, CancellationToken cancellationToken)
        {
            var found = Directory.GetFiles(RealData.PathOf("models"), "*.onnx").Single(file => KeyOf(Path.GetFileName(file)) == path);
            File.Copy(found, targetFile);
            return Task.CompletedTask;
        }
    }
}
