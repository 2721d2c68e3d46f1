
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>What the cache keeps on the disk and for how long, and who waits for a download.</summary>
public sealed class ModelFileCacheKeepingTests : IDisposable
{
    // A header and a tag beside 100 bytes.
    private const int CachedBytes = 4096 + 16 + 100;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly StoredInMemory _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("model-cache-").FullName;
    private ModelFileCache _cache;

    public ModelFileCacheKeepingTests() => _cache = Start();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Requests_for_one_file_share_a_download_and_other_files_do_not_wait_for_it()
    {
        var slow = _store.Add(100, 1);
        var quick = _store.Add(100, 2);
        var gate = new TaskCompletionSource();
        _store.BeforeChunk = path => path == slow ? gate.Task : Task.CompletedTask;

        var first = _cache.GetAsync(slow, CancellationToken.None);
        var second = _cache.GetAsync(slow, CancellationToken.None);
        (await _cache.GetAsync(quick, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30))).Dispose();

        Assert.False(first.IsCompleted || second.IsCompleted);
        gate.SetResult();
        (await first).Dispose();
        (await second).Dispose();
        Assert.Equal(2, _store.Fetches);
    }

    [Fact]
    public async Task Who_waited_for_a_download_that_was_given_up_fetches_it_himself()
    {
        var path = _store.Add(100, 1);
        using var cancel = new CancellationTokenSource();
        var fetching = new TaskCompletionSource();
        _store.BeforeChunk = async _ =>
        {
            fetching.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel.Token);
        };
        var first = _cache.GetAsync(path, cancel.Token);
        await fetching.Task;
        var second = _cache.GetAsync(path, CancellationToken.None);
        _store.BeforeChunk = _ => Task.CompletedTask;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        using var file = await second;

        Assert.Equal(100, file.OpenRead().Length);
        await _cache.StopAsync(CancellationToken.None);
        Assert.Equal([NameOf(path)], Names());
    }

    [Fact]
    public async Task Many_at_once_leave_the_cache_within_its_bounds()
    {
        var paths = Enumerable.Range(0, 12).Select(i => _store.Add(100, (byte)i)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 120).Select(async i =>
        {
            using var file = await GetAsync(paths[i * 7 % 12]);
            Assert.Equal(i * 7 % 12, file.OpenRead().ReadByte());
        }));
        (await GetAsync(paths[0])).Dispose();

        Assert.InRange(Directory.GetFiles(_folder).Length, 1, 2);
    }

    [Fact]
    public async Task Least_recently_used_file_goes_when_the_cache_is_full()
    {
        var paths = new[] { _store.Add(100, 1), _store.Add(100, 2), _store.Add(100, 3) };
        foreach (var path in new[] { paths[0], paths[1], paths[0], paths[2] })
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            (await GetAsync(path)).Dispose();
        }

        Assert.Equal(new[] { NameOf(paths[0]), NameOf(paths[2]) }.Order(), Names().Order());
    }

    [Fact]
    public async Task File_in_use_stays_even_when_the_cache_is_full()
    {
        var held = _store.Add(100, 1);
        using var file = await GetAsync(held);
        foreach (var other in Enumerable.Range(2, 4))
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            (await GetAsync(_store.Add(100, (byte)other))).Dispose();
        }

        Assert.Contains(NameOf(held), Names());
        Assert.Equal(2, Names().Count());
    }

    [Fact]
    public async Task Plain_files_of_before_and_broken_downloads_are_gone_after_the_start()
    {
        string[] stay = ["notes.onnx", new string('b', 64) + ".model", new string('c', 64) + ".model.1.part"];
        string[] go = [new string('a', 64) + ".onnx", new string('d', 64) + ".model.2.part"];
        foreach (var name in stay.Concat(go))
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, name), "x");
            File.SetLastWriteTimeUtc(Path.Combine(_folder, name), _time.GetUtcNow().UtcDateTime);
        }

        File.SetLastWriteTimeUtc(Path.Combine(_folder, go[1]), _time.GetUtcNow().UtcDateTime.AddHours(-2));
        await _cache.StartAsync(CancellationToken.None);

        Assert.Equal(stay.Order(), Directory.GetFiles(_folder).Select(file => Path.GetFileName(file)).Order());
    }

    [Fact]
    public async Task File_that_cannot_be_kept_serves_all_the_same()
    {
        var taken = Path.Combine(_folder, "taken");
        await File.WriteAllTextAsync(taken, "no folder");
        _cache = Start(Path.Combine(taken, "cache"));
        var path = _store.Add(100, 1);

        using var first = await GetAsync(path);
        using var second = await GetAsync(path);

        Assert.Equal((1, 1), (first.OpenRead().ReadByte(), second.OpenRead().ReadByte()));
        Assert.Equal(2, _store.Fetches);
    }

    // With what goes to the disk afterwards.
    private async Task<CachedModelFile> GetAsync(string path)
    {
        var file = await _cache.GetAsync(path, CancellationToken.None);
        await _cache.StopAsync(CancellationToken.None);
        return file;
    }

    private ModelFileCache Start(string? folder = null) => new(
        _store,
        Options.Create(new InferenceOptions { CacheFolder = folder ?? _folder, CacheBytes = 2 * CachedBytes }),
        _time,
        NullLogger<ModelFileCache>.Instance);

    private IEnumerable<string> Names() => Directory.GetFiles(_folder).Select(file => Path.GetFileNameWithoutExtension(file));

    private static string NameOf(string path) => path["sha256/".Length..];
}
