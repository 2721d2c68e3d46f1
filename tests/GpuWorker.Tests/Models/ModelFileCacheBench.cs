using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>A cache in a folder of its own, before a store in memory.</summary>
public abstract class ModelFileCacheBench : IDisposable
{
    // A header and a tag beside 100 bytes.
    private protected const int CachedBytes = 4096 + 16 + 100;

    private protected ModelFileCacheBench() => Cache = Start();

    private protected FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    private protected StoredInMemory Store { get; } = new();

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("model-cache-").FullName;

    private protected ModelFileCache Cache { get; set; }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    // With what goes to the disk afterwards.
    private protected async Task<CachedModelFile> GetAsync(string path)
    {
        var file = await Cache.GetAsync(path, CancellationToken.None);
        await Cache.StopAsync(CancellationToken.None);
        return file;
    }

    private protected ModelFileCache Start(string? folder = null) => new(
        Store,
        Options.Create(new InferenceOptions { CacheFolder = folder ?? Folder, CacheBytes = 2 * CachedBytes }),
        Time,
        NullLogger<ModelFileCache>.Instance);

    private protected IEnumerable<string> Names() => Directory.GetFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file));

    private protected static string NameOf(string path) => path["sha256/".Length..];
}
