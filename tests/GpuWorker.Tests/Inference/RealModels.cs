using System.Diagnostics;
using System.Globalization;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.GpuWorker.Tests.Models;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>The product's own inspector and loader over real model files.</summary>
internal sealed class RealModels : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("real-models-").FullName;
    private readonly StoredInMemory _files = new();
    private readonly ModelFileCache _cache;
    private readonly ValidationProcess _process;

    public RealModels()
    {
        var options = Options.Create(
            new InferenceOptions { CacheFolder = _folder, ExecutionProvider = ExecutionProviderChoice.Cpu, MaxBatchSize = 2 });
        var sessions = Bench.Sessions(options.Value);
        var opener = new ModelOpener(sessions);
        _cache = new ModelFileCache(_files, options, TimeProvider.System, NullLogger<ModelFileCache>.Instance);
        _process = Bench.Validation();
        Inspector = new ModelInspector(_cache, _process, options);
        Loader = new ModelLoader(_cache, opener, sessions, options, TimeProvider.System, NullLogger<ModelLoader>.Instance);
    }

    public ModelInspector Inspector { get; }

    public ModelLoader Loader { get; }

    /// <summary>A model as registration makes it: with what the inspection resolved.</summary>
    public async Task<ModelReference> InspectAsync(string file, ModelConfiguration configuration, string[]? classes)
    {
        var path = _files.Add(File.ReadAllBytes(file));
        var inspection = await Inspector.InspectAsync(
            new InspectModel { FilePath = path, Configuration = configuration, Classes = classes }, CancellationToken.None);
        Assert.Null(inspection.Fault);
        return new()
        {
            ModelId = Guid.NewGuid(),
            DisplayName = Path.GetFileName(file),
            FilePath = path,
            Configuration = inspection.Configuration,
            Classes = inspection.Classes,
        };
    }

    /// <summary>A picture as a camera delivers it: I420, BT.601, limited range, its longer side brought down to the working size.</summary>
    public static async Task<VideoFrame> ReadPicture(string picture, int workingSize = 0)
    {
        var path = RealData.PathOf("images/" + picture);
        var size = (await Run("ffprobe", $"-v error -show_entries stream=width,height -of csv=p=0 {path}")).ToArray();
        var sides = System.Text.Encoding.ASCII.GetString(size).Trim().Split(',').Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToArray();
        var (width, height) = WorkingSize.For(sides[0], sides[1], workingSize);
        var frame = Bench.Frames.Rent(width, height);
        var scale = $"scale={width}:{height}:flags=bilinear:out_range=tv:out_color_matrix=bt601,format=yuv420p";
        var content = await Run("ffmpeg", $"-v error -i {path} -vf {scale} -f rawvideo -");
        content.ToArray().CopyTo(frame.Data);
        return frame;
    }

    public void Dispose()
    {
        Inspector.Dispose();
        _process.Dispose();
        Loader.Dispose();
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
}
