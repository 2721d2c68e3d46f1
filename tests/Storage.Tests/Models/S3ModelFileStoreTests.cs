using System.Security.Cryptography;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

/// <summary>Contents in a bucket: against a look-alike on loopback, not against any real service.</summary>
public sealed class S3ModelFileStoreTests : ModelFileStoreCompliance, IAsyncLifetime, IDisposable
{
    private readonly BucketLookAlike _bucket = new();
    private readonly StoredFiles _files;

    public S3ModelFileStoreTests(FleetDatabase database)
        : base(database) => _files = new(database.Database, InBucket(ModelStoreKind.S3));

    private protected override StoredFiles Files => _files;

    public Task InitializeAsync() => Task.CompletedTask;

    public void Dispose() => _files.Dispose();

    public async Task DisposeAsync()
    {
        await _bucket.DisposeAsync();

        // Contents of the next test's bucket are others.
        await Database.ExecuteAsync("DELETE FROM model_file_removals");
    }

    [Fact]
    public async Task Bucket_has_the_ciphertext_alone_and_the_database_no_chunk()
    {
        var stored = await _files.SaveAsync(StoredFiles.Content(30));

        var (key, content) = Assert.Single(_bucket.Objects);
        Assert.StartsWith("some/where/", key, StringComparison.Ordinal);
        Assert.DoesNotContain(stored.Sha256, key, StringComparison.Ordinal);
        Assert.Equal(30 + ChunkCipher.TagBytes, content.Length);
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM model_file_chunks"));
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM model_file_removals"));
    }

    [Fact]
    public async Task Large_file_goes_in_parts()
    {
        await _files.SaveAsync(StoredFiles.Content((17 * StoredFiles.Chunk) + 5));

        Assert.Equal(3, _bucket.PartsReceived);
        Assert.Equal(0, _bucket.UploadsBegun);
    }

    [Fact]
    public async Task Files_of_both_places_are_found_whatever_the_setting_says()
    {
        using var inPostgres = new StoredFiles(Database.Database, InBucket(ModelStoreKind.Postgres));
        var one = await _files.SaveAsync(StoredFiles.Content(100));
        var other = await inPostgres.SaveAsync(StoredFiles.Content(200));

        Assert.Equal(200, (await _files.ReadAsync(other.Path)).Length);
        Assert.Equal(100, (await inPostgres.ReadAsync(one.Path)).Length);
    }

    [Fact]
    public async Task Host_without_a_bucket_says_which_setting_is_missing()
    {
        using var without = new StoredFiles(Database.Database);
        var stored = await _files.SaveAsync(StoredFiles.Content(100));

        var error = await Assert.ThrowsAsync<FleetRefusedException>(() => without.ReadAsync(stored.Path));

        Assert.Contains("Fleet:Models:S3:Bucket", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("cut")]
    [InlineData("longer")]
    public async Task Object_that_is_not_what_it_was_is_refused(string what)
    {
        var stored = await _files.SaveAsync(StoredFiles.Content((2 * StoredFiles.Chunk) + 10));
        await ChangeStoredAsync(stored, content => what == "cut" ? content[..^(10 + ChunkCipher.TagBytes)] : [.. content, 1]);
        if (what == "removed")
        {
            _bucket.Objects.Clear();
        }

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _files.ReadAsync(stored.Path));

        Assert.Contains(stored.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bucket_that_is_away_is_said_and_what_was_to_go_goes_later()
    {
        var stored = await _files.SaveAsync(StoredFiles.Content(100));
        _bucket.IsDown = true;

        var read = await Assert.ThrowsAsync<FleetRefusedException>(() => _files.ReadAsync(stored.Path));
        var write = await Assert.ThrowsAsync<FleetRefusedException>(() => _files.SaveAsync(StoredFiles.Content(50)));
        Assert.True(await _files.Store.DeleteIfUnusedAsync(stored.Path, CancellationToken.None));

        Assert.Equal((RefusalKind.Unavailable, RefusalKind.Unavailable), (read.Kind, write.Kind));
        Assert.Single(_bucket.Objects);
        _bucket.IsDown = false;
        Assert.Equal(1, await _files.Removals.RemoveDueAsync(CancellationToken.None));
        Assert.Empty(_bucket.Objects);
    }

    [Fact]
    public async Task What_an_upload_left_that_died_is_removed_when_its_time_is_over()
    {
        var content = Guid.NewGuid();
        await ModelFileRemovals.NoteAsync(Database.Database, content, TimeSpan.FromHours(1), CancellationToken.None);
        _bucket.LeaveUpload($"some/where/{content:N}");
        _bucket.Objects[$"some/where/{content:N}"] = [1];

        Assert.Equal(0, await _files.Removals.RemoveDueAsync(CancellationToken.None));
        await Database.ExecuteAsync("UPDATE model_file_removals SET remove_after = now() WHERE content_id = $1", content);
        Assert.Equal(1, await _files.Removals.RemoveDueAsync(CancellationToken.None));

        Assert.Empty(_bucket.Objects);
        Assert.Equal(0, _bucket.UploadsBegun);
    }

    [Fact]
    public async Task Upload_whose_object_was_removed_meanwhile_gets_no_name()
    {
        var content = StoredFiles.Content(100);
        await Assert.ThrowsAsync<FleetRefusedException>(() => _files.Store.SaveAsync(
            new RemovingStream(content, () => Database.ExecuteAsync("DELETE FROM model_file_removals")), CancellationToken.None));

        Assert.Empty(_bucket.Objects);
        Assert.Equal(0L, await ScalarAsync(
            $"SELECT count(*) FROM model_files WHERE sha256 = '{Convert.ToHexStringLower(SHA256.HashData(content))}'"));
    }

    private ModelStoreOptions InBucket(ModelStoreKind store) => new()
    {
        Store = store,
        S3 = new()
        {
            Bucket = BucketLookAlike.Name,
            Endpoint = _bucket.Endpoint,
            PathStyle = true,
            Prefix = "some/where/",
            AccessKey = BucketLookAlike.AccessKey,
            SecretKey = "secret",
        },
    };

    private protected override Task<long> CountContentsAsync() => Task.FromResult((long)_bucket.Objects.Count + _bucket.UploadsBegun);

    private protected override async Task<byte[]> ReadStoredAsync(StoredFile file) => _bucket.Objects[await KeyOfAsync(file)];

    private protected override async Task ChangeStoredAsync(StoredFile file, Func<byte[], byte[]> change)
    {
        var key = await KeyOfAsync(file);
        _bucket.Objects[key] = change([.. _bucket.Objects[key]]);
    }

    private async Task<string> KeyOfAsync(StoredFile file) =>
        $"some/where/{(Guid)(await ScalarAsync($"SELECT content_id FROM model_files WHERE sha256 = '{file.Sha256}'"))!:N}";

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Database.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private sealed class RemovingStream(byte[] content, Func<Task> remove) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await remove();
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
