using System.Text.Json;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.GpuWorker.Tests.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

public sealed class ModelInspectorTests : IDisposable
{
    private readonly StoredInMemory _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("inspection-").FullName;
    private readonly ModelFileCache _cache;
    private readonly ValidationProcess _process = Bench.Validation();
    private readonly ModelInspector _inspector;

    public ModelInspectorTests()
    {
        var options = Options.Create(new InferenceOptions { CacheFolder = _folder, MaxBatchSize = 4 });
        _cache = new ModelFileCache(_store, options, TimeProvider.System, NullLogger<ModelFileCache>.Instance);
        _inspector = new ModelInspector(_cache, _process, options);
    }

    public void Dispose()
    {
        _inspector.Dispose();
        _process.Dispose();
        _cache.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task File_that_is_no_model_is_a_fault_of_the_file()
    {
        var inspection = await Inspect(_store.Add("no model"u8.ToArray()));

        Assert.Equal("file", inspection.Fault!.Field);
        Assert.Contains("not an ONNX model", inspection.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_file_is_a_fault_of_the_file() =>
        Assert.Equal("file", (await Inspect("sha256/" + new string('a', 64))).Fault!.Field);

    [RealDataFact]
    public async Task Unknown_decoder_is_a_fault_of_its_field()
    {
        var inspection = await Inspect(Real("yolox_nano_416.onnx"), new ModelConfiguration { Decoder = "yolo99" });

        Assert.Equal("configuration.decoder", inspection.Fault!.Field);
    }

    [RealDataFact]
    public async Task Model_with_metadata_resolves_by_itself_and_what_is_resolved_resolves_to_itself()
    {
        var path = Real("yolox_nano_416_v8layout_dynbatch.onnx");
        var first = await Inspect(path);
        var again = await Inspect(path, first.Configuration, first.Classes);

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

    private string Real(string model) => _store.Add(File.ReadAllBytes(RealData.PathOf("models/" + model)));

    private Task<ModelInspection> Inspect(string path, ModelConfiguration? configuration = null, string[]? classes = null) =>
        _inspector.InspectAsync(
            new InspectModel { FilePath = path, Configuration = configuration ?? new(), Classes = classes }, CancellationToken.None);
}
