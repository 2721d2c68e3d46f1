using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>Ready parts for the tests of inference.</summary>
internal static class Bench
{
    public static readonly FramePool Frames = new(1 << 20);

    public static readonly InputSpec TinyInput = new()
    {
        Width = TinyModels.Side,
        Height = TinyModels.Side,
    };

    public static SessionFactory Sessions(InferenceOptions? options = null) => new(
        Options.Create(options ?? new InferenceOptions { ExecutionProvider = ExecutionProviderChoice.Cpu }),
        NullLogger<SessionFactory>.Instance);

    public static ValidationProcess Validation(ModelValidationOptions? options = null, IChildProcesses? register = null) => new(
        Options.Create(options ?? new ModelValidationOptions()), NullLogger<ValidationProcess>.Instance, register);

    public static OnnxSession Open(byte[] model)
    {
        using var file = new TemporaryFile(model);
        return Sessions().Open(file.Path);
    }

    public static ModelReference Reference(Guid? id = null, string path = "sha256/none") => new()
    {
        ModelId = id ?? Guid.NewGuid(),
        DisplayName = "tiny 1",
        FilePath = path,
        Configuration = new ModelConfiguration(),
    };

    public static ModelRuntime Runtime(
        byte[]? model = null,
        ManualResetEventSlim? gate = null,
        int instances = 1,
        int maximumBatch = 4,
        InferenceOptions? options = null,
        TimeProvider? time = null,
        ModelReference? reference = null,
        double millisecondsPerFrame = 1) => new(
        reference ?? Reference(),
        Open(model ?? TinyModels.ChannelMeans()),
        new RuntimePlan(TinyInput, instances, maximumBatch, millisecondsPerFrame),
        () => new MeanCodec(gate),
        options ?? new InferenceOptions(),
        time ?? TimeProvider.System,
        NullLogger.Instance);

    public static VideoFrame Frame(byte luma = 100, int side = 8)
    {
        var frame = Frames.Rent(side, side);
        frame.Data.Span.Fill(luma);
        return frame;
    }

    public static FrameRequest Request(
        Guid? camera = null,
        InferencePriority priority = InferencePriority.Live,
        TimeSpan? timeout = null,
        bool maySupersede = false,
        bool maySpill = false,
        int maximumBatch = int.MaxValue) =>
        new(camera ?? Guid.NewGuid(), priority, 0.25f, timeout ?? TimeSpan.FromMinutes(1), maySupersede, maySpill, maximumBatch);

    public static async Task Until(Func<bool> condition, string expected)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(60), $"Not within 60 s: {expected}");
            await Task.Delay(5);
        }
    }
}

/// <summary>A file that goes when the test ends.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] content) => File.WriteAllBytes(Path, content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());

    public void Dispose() => File.Delete(Path);
}
