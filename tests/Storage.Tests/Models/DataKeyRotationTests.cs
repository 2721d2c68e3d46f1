using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

public sealed class DataKeyRotationTests(FleetDatabase database) : IClassFixture<FleetDatabase>, IAsyncLifetime
{
    public Task InitializeAsync() => database.ExecuteAsync("DELETE FROM model_files");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Keys_come_under_the_new_master_key_and_the_files_stay_as_they_are()
    {
        using var before = new StoredFiles(database.Database, null, TestKeys.Of(1));
        using var after = new StoredFiles(database.Database, null, TestKeys.Of(2), TestKeys.Of(1));
        using var later = new StoredFiles(database.Database, null, TestKeys.Of(2));
        var contents = Enumerable.Range(0, 3).Select(i => StoredFiles.Content(1000 + i)).ToArray();
        var stored = await Task.WhenAll(contents.Select(before.SaveAsync));
        var chunks = await ChunksAsync();

        Assert.Equal(contents[0], await after.ReadAsync(stored[0].Path));
        await Assert.ThrowsAsync<FleetRefusedException>(() => later.ReadAsync(stored[0].Path));
        Assert.Equal(new(TestKeys.Of(2).Id, 3, 0), await after.Rotation.RunAsync(CancellationToken.None));
        Assert.Equal(new(TestKeys.Of(2).Id, 0, 0), await after.Rotation.RunAsync(CancellationToken.None));

        Assert.Equal(chunks, await ChunksAsync());
        foreach (var (file, content) in stored.Zip(contents))
        {
            Assert.Equal(content, await later.ReadAsync(file.Path));
        }
    }

    [Fact]
    public async Task Key_under_an_unknown_master_key_is_left_counted_and_named()
    {
        using var lost = new StoredFiles(database.Database, null, TestKeys.Of(7));
        using var old = new StoredFiles(database.Database, null, TestKeys.Of(1));
        using var now = new StoredFiles(database.Database, null, TestKeys.Of(2), TestKeys.Of(1));
        var unreadable = await lost.SaveAsync(StoredFiles.Content(10));
        await old.SaveAsync(StoredFiles.Content(20));

        Assert.Equal(new(TestKeys.Of(2).Id, 1, 1), await now.Rotation.RunAsync(CancellationToken.None));

        var error = await Assert.ThrowsAsync<FleetRefusedException>(() => now.ReadAsync(unreadable.Path));
        Assert.Contains(unreadable.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(TestKeys.Of(7).Id, error.Message, StringComparison.Ordinal);
        Assert.Contains("Fleet:MasterKey:Earlier", error.Message, StringComparison.Ordinal);
        Assert.Equal(10, (await lost.ReadAsync(unreadable.Path)).Length);
    }

    [Fact]
    public async Task File_under_a_lost_master_key_is_put_right_by_uploading_it_again()
    {
        using var lost = new StoredFiles(database.Database, null, TestKeys.Of(7));
        using var now = new StoredFiles(database.Database, null, TestKeys.Of(2));
        var content = StoredFiles.Content(100);
        var stored = await lost.SaveAsync(content);

        await now.SaveAsync(content);

        Assert.Equal(content, await now.ReadAsync(stored.Path));
    }

    // More than a batch, read and written meanwhile, and broken off in the middle.
    [Fact]
    public async Task Rotation_goes_on_where_it_was_broken_off_while_files_come_and_go()
    {
        using var before = new StoredFiles(database.Database, null, TestKeys.Of(1));
        using var after = new StoredFiles(database.Database, null, TestKeys.Of(2), TestKeys.Of(1));
        var stored = new List<StoredFile>();
        for (var i = 0; i < 250; i++)
        {
            stored.Add(await before.SaveAsync(BitConverter.GetBytes(i)));
        }

        using var cancel = new CancellationTokenSource();
        var broken = new DataKeyRotation(
            database.Database,
            new CancellingWrapper(after.Keys, cancel, 120),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<DataKeyRotation>.Instance);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => broken.RunAsync(cancel.Token));
        Assert.Equal(100L, await CountUnderAsync(TestKeys.Of(2).Id));

        var rotation = after.Rotation.RunAsync(CancellationToken.None);
        for (var i = 0; !rotation.IsCompleted; i++)
        {
            Assert.Equal(4, (await after.ReadAsync(stored[i % 200].Path)).Length);
            await after.Store.DeleteIfUnusedAsync(stored[^1].Path, CancellationToken.None);
            await after.SaveAsync(BitConverter.GetBytes(249));
        }

        await rotation;
        Assert.Equal(0, (await after.Rotation.RunAsync(CancellationToken.None)).Left);
        Assert.Equal(250L, await CountUnderAsync(TestKeys.Of(2).Id));
    }

    private async Task<string> ChunksAsync() =>
        (string)(await ScalarAsync("SELECT string_agg(content_id || md5(content), ' ' ORDER BY content_id) FROM model_file_chunks"))!;

    private async Task<long> CountUnderAsync(string keyId) =>
        (long)(await ScalarAsync($"SELECT count(*) FROM model_files WHERE key_id = '{keyId}'"))!;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private sealed class CancellingWrapper(IDataKeyWrapper inner, CancellationTokenSource cancel, int after) : IDataKeyWrapper
    {
        private int _wraps;

        public Task<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken) => inner.GetCurrentKeyIdAsync(cancellationToken);

        public async Task<WrappedKey> WrapAsync(
            ReadOnlyMemory<byte> dataKey, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
        {
            if (++_wraps == after)
            {
                await cancel.CancelAsync();
            }

            cancellationToken.ThrowIfCancellationRequested();
            return await inner.WrapAsync(dataKey, context, cancellationToken);
        }

        public Task<byte[]> UnwrapAsync(WrappedKey wrapped, ReadOnlyMemory<byte> context, CancellationToken cancellationToken) =>
            inner.UnwrapAsync(wrapped, context, cancellationToken);
    }
}
