namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>What the cache keeps on the disk and for how long, and who waits for a download.</summary>
public sealed class ModelFileCacheKeepingTests : ModelFileCacheBench
{
    [Fact]
    public async Task Requests_for_one_file_share_a_download_and_other_files_do_not_wait_for_it()
    {
        var slow = Store.Add(100, 1);
        var quick = Store.Add(100, 2);
        var gate = new TaskCompletionSource();
        Store.BeforeChunk = path => path == slow ? gate.Task : Task.CompletedTask;

        var first = Cache.GetAsync(slow, CancellationToken.None);
        var second = Cache.GetAsync(slow, CancellationToken.None);
        (await Cache.GetAsync(quick, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30))).Dispose();

        Assert.False(first.IsCompleted || second.IsCompleted);
        gate.SetResult();
        (await first).Dispose();
        (await second).Dispose();
        Assert.Equal(2, Store.Fetches);
    }

    [Fact]
    public async Task Who_waited_for_a_download_that_was_given_up_fetches_it_himself()
    {
        var path = Store.Add(100, 1);
        using var cancel = new CancellationTokenSource();
        var fetching = new TaskCompletionSource();
        Store.BeforeChunk = async _ =>
        {
            fetching.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancel.Token);
        };
        var first = Cache.GetAsync(path, cancel.Token);
        await fetching.Task;
        var second = Cache.GetAsync(path, CancellationToken.None);
        Store.BeforeChunk = _ => Task.CompletedTask;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        using var file = await second;

        Assert.Equal(100, file.OpenRead().Length);
        await Cache.StopAsync(CancellationToken.None);
        Assert.Equal([NameOf(path)], Names());
    }

    [Fact]
    public async Task Many_at_once_leave_the_cache_within_its_bounds()
    {
        var paths = Enumerable.Range(0, 12).Select(i => Store.Add(100, (byte)i)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 120).Select(async i =>
        {
            using var file = await GetAsync(paths[i * 7 % 12]);
            Assert.Equal(i * 7 % 12, file.OpenRead().ReadByte());
        }));
        (await GetAsync(paths[0])).Dispose();

        Assert.InRange(Directory.GetFiles(Folder).Length, 1, 2);
    }

    [Fact]
    public async Task Least_recently_used_file_goes_when_the_cache_is_full()
    {
        var paths = new[] { Store.Add(100, 1), Store.Add(100, 2), Store.Add(100, 3) };
        foreach (var path in new[] { paths[0], paths[1], paths[0], paths[2] })
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            (await GetAsync(path)).Dispose();
        }

        Assert.Equal(new[] { NameOf(paths[0]), NameOf(paths[2]) }.Order(), Names().Order());
    }

    [Fact]
    public async Task File_in_use_stays_even_when_the_cache_is_full()
    {
        var held = Store.Add(100, 1);
        using var file = await GetAsync(held);
        foreach (var other in Enumerable.Range(2, 4))
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            (await GetAsync(Store.Add(100, (byte)other))).Dispose();
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
            await File.WriteAllTextAsync(Path.Combine(Folder, name), "x");
            File.SetLastWriteTimeUtc(Path.Combine(Folder, name), Time.GetUtcNow().UtcDateTime);
        }

        File.SetLastWriteTimeUtc(Path.Combine(Folder, go[1]), Time.GetUtcNow().UtcDateTime.AddHours(-2));
        await Cache.StartAsync(CancellationToken.None);

        Assert.Equal(stay.Order(), Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order());
    }

    [Fact]
    public async Task File_that_cannot_be_kept_serves_all_the_same()
    {
        var taken = Path.Combine(Folder, "taken");
        await File.WriteAllTextAsync(taken, "no folder");
        Cache = Start(Path.Combine(taken, "cache"));
        var path = Store.Add(100, 1);

        using var first = await GetAsync(path);
        using var second = await GetAsync(path);

        Assert.Equal((1, 1), (first.OpenRead().ReadByte(), second.OpenRead().ReadByte()));
        Assert.Equal(2, Store.Fetches);
    }
}
