using System.Text.Json;

using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>Real models of six families with nothing configured: what they are is found out, and shown on a picture.</summary>
public sealed class UnconfiguredModelTests
{
    private const string Person = "one-person-768x432.jpg";
    private const string Faces = "pedestrians-crossing-1920x1080.jpg";

    [RealDataFact]
    public async Task Yolox_is_found_out()
    {
        var inspection = await Accepted("yolox_nano_416.onnx", Person, "person");

        AssertIs(inspection, "yolox", 416, 416, 80, "bgr");
        Assert.Equal((7L, 11L, "pytorch 1.10"), (inspection.IrVersion, inspection.Opsets["ai.onnx"], inspection.Producer));
        Assert.Equal((904_481L, 3_660_092L), (inspection.Parameters, inspection.FileBytes));
        Assert.Contains(inspection.Chosen, sentence => sentence.Contains("Chosen by trial", StringComparison.Ordinal));
        Assert.False(inspection.ClassNamesKnown);
        Assert.Equal("class_0", inspection.Classes[0]);
        Assert.InRange(inspection.PeakMemoryBytes, 10L << 20, 1L << 30);
        Assert.True(inspection.LoadMilliseconds > 0 && inspection.InferenceMilliseconds > 0 && inspection.ModelMemoryBytes > 0);
        Assert.Equal("CPUExecutionProvider", inspection.Provider);
    }

    [RealDataFact]
    public async Task Export_of_ultralytics_is_believed()
    {
        var inspection = await Accepted("yolox_nano_416_v8layout_dynbatch.onnx", Person, "person");

        AssertIs(inspection, "yolov8", 416, 416, 80, "rgb");
        Assert.True(inspection.ClassNamesKnown);
        Assert.Equal("person", inspection.Evidence[0].Objects[0].ClassName);
        Assert.Contains("\"images\" [batch,3,416,416]", inspection.DeclaredAxes);
        Assert.Contains("stride", inspection.Metadata.Keys);
    }

    [RealDataFact]
    public async Task Colour_scale_and_fit_of_a_model_that_takes_unusual_ones_are_found_by_trial_and_resolve_to_themselves()
    {
        var first = await Accepted("fastestdet_coco_352.onnx", Person, "person");
        var again = await Inspect("fastestdet_coco_352.onnx", first.Configuration, first.Classes);

        AssertIs(first, "yolov5", 352, 352, 80, "bgr");
        Assert.Equal("stretch", first.Configuration.Resize);
        Assert.InRange(first.Evidence[0].Objects[0].Confidence, 0.8f, 0.9f);
        Assert.Equal(JsonSerializer.Serialize(first.Configuration), JsonSerializer.Serialize(again.Configuration));
    }

    [RealDataFact]
    public async Task Yunet_is_found_out() => AssertIs(await Accepted("yunet_face_320.onnx", Faces, "face", count: 3), "yunet", 320, 320, 1, "bgr");

    [RealDataFact]
    public async Task Ultraface_is_found_out() => AssertIs(await Accepted("ultraface_rfb_320.onnx", Faces, "face", count: 2), "ssd", 320, 240, 2, "rgb");

    [RealDataFact]
    public async Task Classifier_of_grey_pictures_is_found_out_without_any_picture()
    {
        var inspection = await Inspect("mnist8.onnx");

        AssertIs(inspection, "classifier", 28, 28, 10, "gray");
        Assert.Equal(1, inspection.InputChannels);
        Assert.False(inspection.TriedOnKnownPositive);
        Assert.Contains(inspection.Findings, finding => finding.Contains("no known-positive picture", StringComparison.Ordinal));
    }

    [RealDataFact]
    public async Task Model_that_passes_every_other_check_and_finds_nothing_is_refused()
    {
        var inspection = await Inspect(
            "yolox_nano_416.onnx", new ModelConfiguration { Scale = [1 / 255.0] }, Coco, [Picture(Person, "person")]);

        Assert.Equal("file", inspection.Fault!.Field);
        Assert.Contains(
            $"finds nothing on the category's known-positive picture \"{Person}\", expected 1 × person ≥ 0.4",
            inspection.Fault.Message,
            StringComparison.Ordinal);
    }

    [RealDataFact]
    public async Task Model_without_a_class_that_its_category_needs_is_refused()
    {
        var inspection = await Inspect("yolox_nano_416.onnx", classes: Coco, pictures: [Picture(Person, "helmet")]);

        Assert.Equal("labels", inspection.Fault!.Field);
        Assert.Contains("helmet", inspection.Fault.Message, StringComparison.Ordinal);
    }

    [RealDataFact]
    public async Task Golden_picture_on_which_something_is_missing_is_a_warning()
    {
        var picture = Picture(Person, "dog") with { Kind = GoldenPictureKind.Golden };

        var inspection = await Inspect("yolox_nano_416.onnx", classes: Coco, pictures: [picture]);

        Assert.Null(inspection.Fault);
        Assert.False(inspection.Evidence[0].FoundExpected);
        Assert.Contains(inspection.Findings, finding => finding.Contains("best was person 0.8", StringComparison.Ordinal));
    }

    [RealDataFact]
    public async Task Names_usual_for_the_category_are_taken_where_their_number_fits()
    {
        var fitting = await Inspect("yolox_nano_416.onnx", usual: Coco);
        var unfitting = await Inspect("yolox_nano_416.onnx", usual: ["person"]);

        Assert.Equal(("person", true), (fitting.Classes[0], fitting.ClassNamesKnown));
        Assert.Equal(("class_0", false), (unfitting.Classes[0], unfitting.ClassNamesKnown));
    }

    [RealDataFact]
    public async Task Labels_of_another_number_than_the_outputs_classes_are_refused_with_both_numbers()
    {
        var inspection = await Inspect("yolox_nano_416.onnx", classes: ["person", "dog"]);

        Assert.Equal("labels", inspection.Fault!.Field);
        Assert.Contains("2 class names", inspection.Fault.Message, StringComparison.Ordinal);
        Assert.Contains("80 classes", inspection.Fault.Message, StringComparison.Ordinal);
    }

    private static string[] Coco => File.ReadAllLines(RealData.PathOf("labels/coco80.txt"));

    private static async Task<ModelInspection> Accepted(string model, string picture, string expected, int count = 1)
    {
        var inspection = await Inspect(model, pictures: [Picture(picture, expected) with { LeastCount = count }]);

        Assert.True(inspection.Fault is null, inspection.Fault?.Message);
        var evidence = Assert.Single(inspection.Evidence);
        Assert.True(inspection.TriedOnKnownPositive && evidence.FoundExpected == true);
        Assert.InRange(evidence.Objects.Length, count, 10);
        Assert.InRange(evidence.AnnotatedJpeg.Length, 1000, EvidencePicture.MostJpegBytes);
        using var shown = SKBitmap.Decode(evidence.AnnotatedJpeg);
        Assert.InRange(shown.Width, 480, EvidencePicture.WorkingSide);
        return inspection;
    }

    private static void AssertIs(ModelInspection inspection, string decoder, int width, int height, int classes, string color)
    {
        Assert.True(inspection.Fault is null, inspection.Fault?.Message);
        var configuration = inspection.Configuration;
        Assert.Equal(
            (decoder, width, height, classes, color),
            (configuration.Decoder, configuration.InputWidth, configuration.InputHeight, inspection.Classes.Length, configuration.ColorOrder));
    }

    private static GoldenPicture Picture(string file, string expected) => new()
    {
        Name = file,
        Content = File.ReadAllBytes(RealData.PathOf("images/" + file)),
        Kind = GoldenPictureKind.KnownPositive,
        ExpectedClasses = [expected],
        LeastConfidence = 0.4,
    };

    private static async Task<ModelInspection> Inspect(
        string model,
        ModelConfiguration? configuration = null,
        string[]? classes = null,
        GoldenPicture[]? pictures = null,
        string[]? usual = null)
    {
        using var bench = new InspectionBench();
        return await bench.InspectAsync(await File.ReadAllBytesAsync(RealData.PathOf("models/" + model)), new()
        {
            FilePath = "",
            Configuration = configuration ?? new(),
            Classes = classes,
            Pictures = pictures ?? [],
            UsualClasses = usual,
        });
    }
}
