using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>Real models on real pictures: what comes out is what they are known to find there.</summary>
public sealed class RealModelTests
{
    // The faces are small: scaled down in one step of six, unsmoothed, the weakest loses 0.17 of its confidence. A camera's
    // frames come to its working size first, by ffmpeg, which smooths.
    private const int UsualWorkingSize = 640;

    private static readonly string[] Coco = RealData.Folder is null ? [] : File.ReadAllLines(RealData.PathOf("labels/coco80.txt"));

    [RealDataFact]
    public async Task Yolox_finds_the_person()
    {
        var objects = await Infer("yolox_nano_416.onnx", Yolox, Coco, "one-person-768x432.jpg");

        AssertFound(Assert.Single(objects), "person", 0.87, [383, 15, 518, 409]);
    }

    [RealDataFact]
    public async Task Yolox_finds_nothing_in_an_empty_room() =>
        Assert.Empty(await Infer("yolox_nano_416.onnx", Yolox, Coco, "empty-room-768x432.jpg"));

    [RealDataFact]
    public async Task Yolox_finds_dog_bicycle_and_car()
    {
        var objects = await Infer("yolox_nano_416.onnx", Yolox, Coco, "dog.jpg");

        AssertFound(objects.Single(found => found.Class == "dog"), "dog", 0.81, [133, 207, 326, 542]);
        AssertFound(objects.Single(found => found.Class == "bicycle"), "bicycle", 0.80, [46, 132, 571, 431]);
        Assert.Contains(objects, found => found.Class is "car" or "truck" && Iou(found.Box, [466, 77, 690, 171]) > 0.8);
    }

    [RealDataFact]
    public async Task Yolox_finds_the_worker_and_three_shoppers()
    {
        var worker = await Infer("yolox_nano_416.onnx", Yolox, Coco, "worker-hardhat-vest-480x270.jpg");
        var shoppers = await Infer("yolox_nano_416.onnx", Yolox, Coco, "store-aisle-480x270.jpg");

        AssertFound(worker.Single(found => found.Class == "person"), "person", 0.88, [131, 85, 205, 268]);
        Assert.Equal(3, shoppers.Count(found => found.Class == "person"));
    }

    [RealDataFact]
    public async Task Model_with_metadata_and_open_batch_needs_no_configuration()
    {
        var objects = await Infer(
            "yolox_nano_416_v8layout_dynbatch.onnx", new ModelConfiguration { ConfidenceThreshold = 0.45 }, null, "dog.jpg");

        Assert.Contains(objects, found => found.Class == "dog" && found.Confidence > 0.6 && Iou(found.Box, [133, 207, 326, 542]) > 0.8);
        Assert.Contains(objects, found => found.Class == "bicycle" && found.Confidence > 0.6);
    }

    [RealDataFact]
    public async Task Fastestdet_finds_the_person()
    {
        var objects = await Infer("fastestdet_coco_352.onnx", Fastestdet, Coco, "one-person-768x432.jpg");

        Assert.Contains(objects, found => found.Class == "person" && Iou(found.Box, [383, 15, 518, 409]) > 0.5);
    }

    [RealDataFact]
    public async Task Yunet_finds_exactly_three_faces()
    {
        var faces = await Infer("yunet_face_320.onnx", Yunet, ["face"], "pedestrians-crossing-1920x1080.jpg", UsualWorkingSize);

        Assert.Equal([0.89, 0.86, 0.85], faces.Select(face => face.Confidence), VeryClose);
    }

    [RealDataFact]
    public async Task Ultraface_finds_exactly_three_faces()
    {
        var faces = await Infer(
            "ultraface_rfb_320.onnx", Ultraface, ["background", "face"], "pedestrians-crossing-1920x1080.jpg", UsualWorkingSize);

        Assert.Equal([0.98, 0.96, 0.81], faces.Select(face => face.Confidence), VeryClose);
    }

    [RealDataFact]
    public async Task Picture_from_outside_is_seen_as_a_cameras_frame_is()
    {
        using var real = new RealModels();
        var reference = await real.InspectAsync(RealData.PathOf("models/yolox_nano_416.onnx"), Yolox, Coco);
        var options = Options.Create(new InferenceOptions());
        await using var models = new ModelRepository(
            real.Loader,
            new SpillRouter(new WorkerAlone(), options, TimeProvider.System, NullLogger<SpillRouter>.Instance),
            options,
            TimeProvider.System,
            NullLogger<ModelRepository>.Instance);
        using var pictures = new PictureInference(models, TimeProvider.System, NullLogger<PictureInference>.Instance);

        var inferred = await pictures.InferAsync(
            new()
            {
                Model = reference,
                Content = await File.ReadAllBytesAsync(RealData.PathOf("images/dog.jpg")),
                ConfidenceThreshold = 0.5f,
                Timeout = TimeSpan.FromMinutes(1),
                MostSide = 8192,
                MostPixels = 40_000_000,
            },
            CancellationToken.None);

        Assert.Null(inferred.Fault);
        var dog = inferred.Objects.Single(found => found.ClassName == "dog");
        AssertFound(new("dog", dog.Confidence, [dog.X, dog.Y, dog.X + dog.Width, dog.Y + dog.Height]), "dog", 0.81, [133, 207, 326, 542]);
        Assert.Equal((768, 576), (inferred.Width, inferred.Height));
    }

    private static ModelConfiguration Yolox { get; } = new()
    {
        Decoder = "yolox",
        ColorOrder = "bgr",
        Resize = "letterbox_top_left",
        Scale = [1],
        ConfidenceThreshold = 0.45,
    };

    private static ModelConfiguration Fastestdet { get; } = new()
    {
        Decoder = "yolov5",
        ColorOrder = "bgr",
        Resize = "stretch",
        ConfidenceThreshold = 0.4,
    };

    private static ModelConfiguration Yunet { get; } = new()
    {
        Decoder = "yunet",
        ColorOrder = "bgr",
        Scale = [1],
        ConfidenceThreshold = 0.7,
    };

    private static ModelConfiguration Ultraface { get; } = new()
    {
        Decoder = "ssd",
        ColorOrder = "rgb",
        Resize = "stretch",
        Mean = [127],
        Scale = [1 / 128.0],
        ConfidenceThreshold = 0.5,
        BackgroundClass = 0,
    };

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 0.08;

    private static bool VeryClose(double expected, double actual) => Math.Abs(expected - actual) < 0.02;

    private static void AssertFound(Found found, string className, double confidence, double[] box)
    {
        Assert.Equal(className, found.Class);
        Assert.True(Close(confidence, found.Confidence), $"{found.Class} {found.Confidence:F2}, not {confidence:F2}");
        Assert.True(Iou(found.Box, box) > 0.85, $"[{string.Join(',', found.Box)}], not [{string.Join(',', box)}]");
    }

    private static double Iou(double[] a, double[] b)
    {
        var width = Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]);
        var height = Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]);
        var both = Math.Max(0, width) * Math.Max(0, height);
        return both / (((a[2] - a[0]) * (a[3] - a[1])) + ((b[2] - b[0]) * (b[3] - b[1])) - both);
    }

    /// <summary>As registration and a camera do it: inspect, then load with what the inspection resolved.</summary>
    private static async Task<List<Found>> Infer(string model, ModelConfiguration configuration, string[]? classes, string picture, int workingSize = 0)
    {
        using var real = new RealModels();
        var reference = await real.InspectAsync(RealData.PathOf("models/" + model), configuration, classes);
        await using var loaded = await real.Loader.LoadAsync(reference, CancellationToken.None);
        var frame = await RealModels.ReadPicture(picture, workingSize);
        var outcome = await loaded.Runtime.InferAsync(frame, Bench.Request(), CancellationToken.None);
        Assert.Null(outcome.Skipped);
        var (width, height) = (frame.Width, frame.Height);
        frame.Release();
        return [.. outcome.Objects.Select(box => new Found(
            reference.Classes[box.ClassId],
            box.Confidence,
            [box.X * width, box.Y * height, (box.X + box.Width) * width, (box.Y + box.Height) * height]))];
    }

    private sealed record Found(string Class, double Confidence, double[] Box);
}
