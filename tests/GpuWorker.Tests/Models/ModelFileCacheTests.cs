using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

public sealed class ModelFileCacheTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly StoredInMemory _store = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("model-cache-").FullName;
    private readonly ModelFileCache _cache;

    public ModelFileCacheTests() => _cache = new ModelFileCache(
        _store,
        Options.Create(new InferenceOptions { CacheFolder = _folder, CacheBytes = 250 }),
        _time,
        NullLogger<ModelFileCache>.Instance);

    public void Dispose()
    {
        _cache.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task File_is_fetched_once()
    {
        var path = _store.Add(100, 1);

        using var first = await _cache.GetAsync(path, CancellationToken.None);
        using var second = await _cache.GetAsync(path, CancellationToken.None);

        Assert.Equal(first.File, second.File);
        Assert.Equal(1, _store.Fetches);
    }

    [Fact]
    public async Task Damaged_file_is_fetched_again()
    {
        var path = _store.Add(100, 1);
        using var first = await _cache.GetAsync(path, CancellationToken.None);
        await File.WriteAllTextAsync(first.File, "damaged");

        using var second = await _cache.GetAsync(path, CancellationToken.None);

        Assert.Equal(100, new FileInfo(second.File).Length);
        Assert.Equal(2, _store.Fetches);
    }

    [Fact]
    public async Task Content_that_does_not_match_its_checksum_leaves_nothing_behind()
    {
        var path = "sha256/" + new string('0', 64);
        _store.Put(path, [1, 2, 3]);

        await Assert.ThrowsAsync<InvalidDataException>(() => _cache.GetAsync(path, CancellationToken.None));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Missing_file_is_said_and_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(
            () => _cache.GetAsync("sha256/" + new string('a', 64), CancellationToken.None));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("sha256/../../../../../../../../../etc/passwd")]
    [InlineData("sha256/")]
    [InlineData("md5/d41d8cd98f00b204e9800998ecf8427e")]
    public async Task Path_that_is_no_key_never_reaches_the_disk(string path) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => _cache.GetAsync(path, CancellationToken.None));

    [Fact]
    public async Task Least_recently_used_file_goes_when_the_cache_is_full()
    {
        var paths = new[] { _store.Add(100, 1), _store.Add(100, 2), _store.Add(100, 3) };
        foreach (var path in new[] { paths[0], paths[1], paths[0], paths[2] })
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            (await _cache.GetAsync(path, CancellationToken.None)).Dispose();
        }

        Assert.Equal(new[] { NameOf(paths[0]), NameOf(paths[2]) }.Order(), Names().Order());
    }

    [Fact]
    public async Task File_in_use_stays_even_when_the_cache_is_full()
    {
        var held = _store.Add(200, 1);
        using var file = await _cache.GetAsync(held, CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(1));

        (await _cache.GetAsync(_store.Add(200, 2), CancellationToken.None)).Dispose();

        Assert.Contains(NameOf(held), Names());
    }

    private IEnumerable<string> Names() => Directory.GetFiles(_folder).Select(file => Path.GetFileNameWithoutExtension(file));

    private static string NameOf(string path) => path["sha256/".Length..];
}
