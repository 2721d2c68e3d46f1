using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.GpuWorker.Tests.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>The worker's inspector with its real process, over files in memory.</summary>
internal sealed class InspectionBench : IDisposable
{
    private readonly StoredInMemory _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("inspection-").FullName;
    private readonly ValidationProcess _process = Bench.Validation();
    private readonly ModelFileCache _cache;
    private readonly ModelInspector _inspector;

    public InspectionBench()
    {
        var options = Options.Create(new InferenceOptions { CacheFolder = _folder, MaxBatchSize = 4 });
        _cache = new ModelFileCache(_store, options, TimeProvider.System, NullLogger<ModelFileCache>.Instance);
        _inspector = new ModelInspector(_cache, _process, options);
    }

    public Task<ModelInspection> InspectAsync(byte[] model, InspectModel? request = null) => _inspector.InspectAsync(
        (request ?? new() { FilePath = "" }) with { FilePath = _store.Add(model) }, CancellationToken.None);

    public Task<ModelInspection> InspectAsync(string path) =>
        _inspector.InspectAsync(new() { FilePath = path }, CancellationToken.None);

    public void Dispose()
    {
        _inspector.Dispose();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
