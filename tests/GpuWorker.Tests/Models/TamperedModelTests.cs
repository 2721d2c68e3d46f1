using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.GpuWorker.Tests.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>A new version that was tampered with, beside an old one that serves: with the product's own loader.</summary>
public sealed class TamperedModelTests : IDisposable
{
    private readonly StoredInMemory _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("tampered-").FullName;
    private readonly ModelLoader _loader;

    public TamperedModelTests()
    {
        var options = Options.Create(
            new InferenceOptions { CacheFolder = _folder, ExecutionProvider = ExecutionProviderChoice.Cpu, MaxBatchSize = 1 });
        var sessions = Bench.Sessions(options.Value);
        _loader = new(
            new(_store, options, TimeProvider.System, NullLogger<ModelFileCache>.Instance),
            new(sessions),
            sessions,
            options,
            TimeProvider.System,
            NullLogger<ModelLoader>.Instance);
    }

    public void Dispose()
    {
        _loader.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Old_version_goes_on_serving_where_the_new_one_was_tampered_with()
    {
        var sample = await File.ReadAllBytesAsync(Path.Combine(RealData.RepositoryRoot, "samples", "site-safety.onnx"));
        var old = _store.Add(sample);
        byte[] changed = [.. sample, .. "\x42\x01x"u8];
        var next = _store.Add(changed);
        _store.Tamper(next, chunks => chunks[^1][0] ^= 1);
        await using var repository = ModelRepositoryTests.Create(_loader, new FakeTimeProvider());
        await using var serving = await repository.AcquireAsync(Reference(old), CancellationToken.None);
        await InferAsync(serving);

        var error = await Assert.ThrowsAsync<ModelLoadException>(
            async () => await repository.AcquireAsync(Reference(next), CancellationToken.None));

        Assert.Contains(next, error.Message, StringComparison.Ordinal);
        Assert.Contains("Upload the same file again", error.Message, StringComparison.Ordinal);
        await InferAsync(serving);
        Assert.Single(Directory.GetFiles(_folder));
    }

    // Every chunk of it is the fleet's own, and it opens: only its name is another file's.
    [Fact]
    public async Task Whole_model_under_another_ones_name_is_not_loaded()
    {
        var path = "sha256/" + new string('0', 64);
        _store.Put(path, await File.ReadAllBytesAsync(Path.Combine(RealData.RepositoryRoot, "samples", "site-safety.onnx")));
        await using var repository = ModelRepositoryTests.Create(_loader, new FakeTimeProvider());

        var error = await Assert.ThrowsAsync<ModelLoadException>(
            async () => await repository.AcquireAsync(Reference(path), CancellationToken.None));

        Assert.Contains("checksum is wrong", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static ModelReference Reference(string path) => Bench.Reference(path: path) with { Classes = ["1", "2", "3", "4", "5", "6"] };

    private static async Task InferAsync(IModelLease lease)
    {
        var frame = Bench.Frame(side: 64);
        var outcome = await lease.InferAsync(frame, Bench.Request(timeout: Timeout.InfiniteTimeSpan), CancellationToken.None);
        frame.Release();
        Assert.Null(outcome.Skipped);
    }
}
