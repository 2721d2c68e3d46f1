using System.Collections.Concurrent;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>Pictures from outside through a worker's own decoder, queue and a real, tiny model that says how bright they are.</summary>
public sealed class PictureInferenceTests : IAsyncLifetime, IDisposable
{
    private const string BreaksAtRun = "sha256/breaks";

    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private readonly ConcurrentQueue<byte> _seen = new();
    private readonly ModelRepository _models;
    private readonly PictureInference _pictures;
    private readonly ModelReference _model = Bench.Reference() with { Classes = ["bright"] };
    private ModelLoadException? _fault;

    public PictureInferenceTests()
    {
        _models = new(
            new Loader(this),
            new SpillRouter(new WorkerAlone(), Options.Create(new InferenceOptions()), TimeProvider.System, NullLogger<SpillRouter>.Instance),
            Options.Create(new InferenceOptions()),
            TimeProvider.System,
            NullLogger<ModelRepository>.Instance);
        _pictures = new(_models, TimeProvider.System, NullLogger<PictureInference>.Instance);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _gate.Set();
        await _models.DisposeAsync();
    }

    public void Dispose()
    {
        _pictures.Dispose();
        _gate.Dispose();
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, 64, 48, 64, 48)]
    [InlineData(SKEncodedImageFormat.Png, 65, 49, 64, 48)]
    [InlineData(SKEncodedImageFormat.Webp, 64, 48, 64, 48)]
    [InlineData(SKEncodedImageFormat.Png, 3001, 1501, 3001, 1501)]
    public async Task Picture_of_every_kind_and_size_has_its_boxes_in_its_own_pixels(
        SKEncodedImageFormat format, int width, int height, int boxWidth, int boxHeight)
    {
        var inferred = await Infer(PictureFiles.Grey(width, height, format));

        Assert.Null(inferred.Fault);
        Assert.Equal((width, height), (inferred.Width, inferred.Height));
        var found = Assert.Single(inferred.Objects);
        Assert.Equal(("bright", 0f, 0f, (float)boxWidth, (float)boxHeight), (found.ClassName, found.X, found.Y, found.Width, found.Height));
        Assert.Equal(126, found.Confidence, 1f);
        Assert.True(inferred.PreprocessMilliseconds > 0 && inferred.InferMilliseconds > 0);
    }

    [Fact]
    public async Task What_is_no_picture_or_too_large_or_damaged_is_said_and_the_model_is_not_even_loaded()
    {
        var whole = PictureFiles.Grey(400, 300, SKEncodedImageFormat.Jpeg);
        (byte[] Content, PictureFault Fault)[] files =
        [
            ([], PictureFault.NoPicture),
            ("no picture at all"u8.ToArray(), PictureFault.NoPicture),
            ("GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01L\0;"u8.ToArray(), PictureFault.NoPicture),
            (PictureFiles.Bomb(60_000, 60_000), PictureFault.WrongSize),
            (PictureFiles.Bomb(8193, 16), PictureFault.WrongSize),
            (PictureFiles.Grey(1, 1), PictureFault.WrongSize),
            (whole[..(whole.Length / 2)], PictureFault.Damaged),
        ];
        foreach (var (content, fault) in files)
        {
            Assert.Equal(fault, (await Infer(content)).Fault);
        }

        Assert.Equal(-1, _models.Pending(_model.ModelId));
    }

    [Fact]
    public async Task Large_picture_is_judged_by_its_header_before_it_takes_memory()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var inferred = await Infer(PictureFiles.Bomb(65_000, 65_000));

        Assert.Equal((PictureFault.WrongSize, 65_000, 65_000), (inferred.Fault, inferred.Width, inferred.Height));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 << 20);
    }

    /// <summary>Seeded noise in the files: an answer comes for each, and the worker goes on.</summary>
    [Fact]
    public async Task Noise_in_files_hurts_nobody()
    {
        var random = new Random(11);
        foreach (var format in new[] { SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp })
        {
            for (var i = 0; i < 60; i++)
            {
                var content = PictureFiles.Grey(40, 30, format);
                for (var changes = random.Next(1, 6); changes > 0; changes--)
                {
                    content[random.Next(content.Length)] = (byte)random.Next(256);
                }

                var inferred = await Infer(content[..random.Next(content.Length / 2, content.Length + 1)]);
                Assert.NotEqual(PictureFault.Failed, inferred.Fault);
            }
        }

        Assert.Null((await Infer(PictureFiles.Grey(40, 30))).Fault);
    }

    [Fact]
    public async Task Picture_goes_after_live_frames_and_before_evaluations()
    {
        await using var lease = await _models.AcquireAsync(_model, CancellationToken.None);
        _gate.Reset();
        var frame = Bench.Frame(luma: 100);
        var running = lease.InferAsync(frame, Bench.Request(), CancellationToken.None).AsTask();
        await Bench.Until(() => _models.Pending(_model.ModelId) == 0, "the first frame is under way");
        var evaluated = lease.InferAsync(frame, Bench.Request(priority: InferencePriority.Evaluation), CancellationToken.None).AsTask();
        var picture = Infer(PictureFiles.Grey(40, 30));
        await Bench.Until(() => _models.Pending(_model.ModelId) == 2, "the picture waits");
        var live = lease.InferAsync(frame, Bench.Request(), CancellationToken.None).AsTask();

        _gate.Set();

        await Task.WhenAll(running, live, evaluated, picture);
        Assert.Equal([100, 100, 126, 100], _seen.Select(luma => (int)luma));
        frame.Release();
    }

    [Fact]
    public async Task Time_that_is_over_ends_the_wait_in_the_queue_and_so_does_a_caller_who_gives_up()
    {
        await using var lease = await _models.AcquireAsync(_model, CancellationToken.None);
        _gate.Reset();
        var frame = Bench.Frame();
        var running = lease.InferAsync(frame, Bench.Request(), CancellationToken.None).AsTask();
        using var caller = new CancellationTokenSource();
        var given = Infer(PictureFiles.Grey(40, 30), cancellationToken: caller.Token);
        await Bench.Until(() => _models.Pending(_model.ModelId) == 1, "the picture waits");

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.Equal(PictureFault.TimedOut, (await Infer(PictureFiles.Grey(40, 30), TimeSpan.FromMilliseconds(200))).Fault);
        Assert.Equal(PictureFault.TimedOut, (await Infer(PictureFiles.Grey(40, 30), TimeSpan.Zero)).Fault);
        Assert.Equal(0, _models.Pending(_model.ModelId));
        _gate.Set();
        await running;
        frame.Release();
    }

    [Fact]
    public async Task Model_that_cannot_be_loaded_and_one_that_fails_are_told_apart()
    {
        _fault = new ModelLoadException("no such file", new FileNotFoundException());
        Assert.Equal(PictureFault.ModelNotReady, (await Infer(PictureFiles.Grey(40, 30))).Fault);
        _fault = null;

        Assert.Equal(PictureFault.Failed, (await Infer(PictureFiles.Grey(40, 30), model: Bench.Reference(path: BreaksAtRun))).Fault);
    }

    [Fact]
    public async Task Objects_are_called_and_weighed_as_the_models_configuration_says()
    {
        var renamed = _model with
        {
            ModelId = Guid.NewGuid(),
            Configuration = new() { Postprocessing = new() { ClassMap = { ["bright"] = "sunny" }, ClassThresholds = { ["bright"] = 100 } } },
        };

        Assert.Equal("sunny", Assert.Single((await Infer(PictureFiles.Grey(40, 30), model: renamed)).Objects).ClassName);
        Assert.Empty((await Infer(PictureFiles.Grey(40, 30, value: 40), model: renamed)).Objects);
    }

    private Task<InferredPicture> Infer(
        byte[] content, TimeSpan? timeout = null, ModelReference? model = null, CancellationToken cancellationToken = default) =>
        _pictures.InferAsync(
            new()
            {
                Model = model ?? _model,
                DeploymentId = Guid.NewGuid(),
                Content = content,
                ConfidenceThreshold = 0.5f,
                Timeout = timeout ?? TimeSpan.FromSeconds(60),
                MostSide = 8192,
                MostPixels = 40_000_000,
            },
            cancellationToken);

    private sealed class Loader(PictureInferenceTests test) : IModelLoader
    {
        public Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken) => test._fault is { } fault
            ? Task.FromException<LoadedModel>(fault)
            : Task.FromResult(new LoadedModel(
                new ModelRuntime(
                    model,
                    Bench.Open(TinyModels.ChannelMeans()),
                    new RuntimePlan(Bench.TinyInput, Instances: 1, MaximumBatch: 1, MillisecondsPerFrame: 1),
                    () => new Witness(new MeanCodec(model.FilePath == BreaksAtRun ? Disposed() : test._gate), test._seen),
                    new InferenceOptions(),
                    TimeProvider.System,
                    NullLogger.Instance),
                new MemoryStream()));

        private static ManualResetEventSlim Disposed()
        {
            var gate = new ManualResetEventSlim();
            gate.Dispose();
            return gate;
        }
    }
}

/// <summary>Notes which frames come to a model, by their first luma value.</summary>
internal sealed class Witness(IFrameCodec codec, ConcurrentQueue<byte> seen) : IFrameCodec
{
    public PictureTransform Encode(VideoFrame frame, SessionBuffers buffers, int index)
    {
        seen.Enqueue(frame.Y[0]);
        return codec.Encode(frame, buffers, index);
    }

    public void Decode(OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects) =>
        codec.Decode(outputs, index, transform, threshold, objects);
}

/// <summary>There is no other worker.</summary>
internal sealed class WorkerAlone : IWorkerPeers
{
    public bool Any => false;

    public IReadOnlyList<WorkerPeer> PickTwo(Guid modelId, IReadOnlySet<SiloAddress>? among = null) => [];
}
