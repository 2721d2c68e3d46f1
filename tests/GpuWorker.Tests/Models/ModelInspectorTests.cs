using System.Text.Json;

using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

public sealed class ModelInspectorTests : IDisposable
{
    private readonly InspectionBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task File_that_is_no_model_is_a_fault_of_the_file()
    {
        var inspection = await _bench.InspectAsync("no model"u8.ToArray());

        Assert.Equal("file", inspection.Fault!.Field);
        Assert.Contains("not an ONNX model", inspection.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_file_is_a_fault_of_the_file() =>
        Assert.Equal("file", (await _bench.InspectAsync("sha256/" + new string('a', 64))).Fault!.Field);

    [Fact]
    public async Task Sample_is_accepted_with_its_labels_and_says_how_long_it_took()
    {
        var inspection = await _bench.InspectAsync(Sample("site-safety.onnx"), new()
        {
            FilePath = "",
            Classes = await File.ReadAllLinesAsync(SamplePath("site-safety.labels.txt")),
        });

        Assert.True(inspection.Fault is null, inspection.Fault?.Message);
        Assert.True(inspection.ClassNamesKnown);
        Assert.True(inspection.DurationMilliseconds > inspection.LoadMilliseconds);
    }

    [Theory]
    [InlineData(9, 1, 0.5, "9 pictures were given; a model is tried on at most 8")]
    [InlineData(1, 0, 0.5, "expects 0 objects")]
    [InlineData(1, 1, 1.5, "of confidence 1.5")]
    [InlineData(1, 1, double.NaN, "of confidence NaN")]
    public async Task Pictures_beyond_what_can_be_are_refused_before_anything_runs(int pictures, int count, double confidence, string says)
    {
        var picture = new GoldenPicture { Name = "a", Content = [1], LeastCount = count, LeastConfidence = confidence };

        var inspection = await _bench.InspectAsync([1], new() { FilePath = "", Pictures = [.. Enumerable.Repeat(picture, pictures)] });

        Assert.Equal("pictures", inspection.Fault!.Field);
        Assert.Contains(says, inspection.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Picture_of_hostile_size_is_refused_by_its_header()
    {
        var inspection = await _bench.InspectAsync(
            Sample("site-safety.onnx"), new() { FilePath = "", Pictures = [new() { Name = "huge", Content = HostilePictures.HugePng() }] });

        Assert.Equal("pictures", inspection.Fault!.Field);
        Assert.Contains("50000x50000", inspection.Fault.Message, StringComparison.Ordinal);
    }

    [RealDataFact]
    public async Task Unknown_decoder_is_a_fault_of_its_field()
    {
        var inspection = await _bench.InspectAsync(
            Real("yolox_nano_416.onnx"), new() { FilePath = "", Configuration = new ModelConfiguration { Decoder = "yolo99" } });

        Assert.Equal("configuration.decoder", inspection.Fault!.Field);
    }

    [RealDataFact]
    public async Task Model_with_metadata_resolves_by_itself_and_what_is_resolved_resolves_to_itself()
    {
        var model = Real("yolox_nano_416_v8layout_dynbatch.onnx");
        var first = await _bench.InspectAsync(model);
        var again = await _bench.InspectAsync(model, new() { FilePath = "", Configuration = first.Configuration, Classes = first.Classes });

        Assert.Null(first.Fault);
        Assert.Equal(("yolov8", 416, 416, "rgb"),
            (first.Configuration.Decoder, first.Configuration.InputWidth, first.Configuration.InputHeight, first.Configuration.ColorOrder));
        Assert.Equal((80, 3, 4), (first.Classes.Length, first.InputChannels, first.MaxBatchSize));
        Assert.InRange(first.OptimalBatchSize, 1, 4);
        Assert.True(first.InferenceMilliseconds > 0);
        Assert.Equal(["images float32[?,3,416,416]", "output0 float32[?,84,3549]"], first.Signature);
        Assert.Contains("names", first.Metadata.Keys);
        Assert.Equal(JsonSerializer.Serialize(first.Configuration), JsonSerializer.Serialize(again.Configuration));
        Assert.Equal(first.Classes, again.Classes);
    }

    private static string SamplePath(string file) => Path.Combine(RealData.RepositoryRoot, "samples", file);

    private static byte[] Sample(string file) => File.ReadAllBytes(SamplePath(file));

    private static byte[] Real(string model) => File.ReadAllBytes(RealData.PathOf("models/" + model));
}
