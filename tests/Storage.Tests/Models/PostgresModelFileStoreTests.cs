using Npgsql;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

/// <summary>Contents in the database.</summary>
public sealed class PostgresModelFileStoreTests : ModelFileStoreCompliance, IDisposable
{
    private readonly StoredFiles _files;

    public PostgresModelFileStoreTests(FleetDatabase database)
        : base(database) => _files = new(database.Database);

    private protected override StoredFiles Files => _files;

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("UPDATE model_file_chunks SET content = set_byte(content, 5, 255 - get_byte(content, 5)) WHERE content_id = $1 AND ordinal = 1", "chunk 2 of 4")]
    [InlineData("UPDATE model_file_chunks SET content = substr(content, 1, length(content) - 1) WHERE content_id = $1 AND ordinal = 2", "chunk 3 of 4")]
    [InlineData("UPDATE model_file_chunks SET content = content || '\\x00' WHERE content_id = $1 AND ordinal = 0", "chunk 1 of 4")]
    [InlineData("UPDATE model_file_chunks SET content = '' WHERE content_id = $1 AND ordinal = 3", "chunk 4 of 4")]
    [InlineData("DELETE FROM model_file_chunks WHERE content_id = $1 AND ordinal = 1", "chunk 2 of 4 is missing")]
    [InlineData("DELETE FROM model_file_chunks WHERE content_id = $1 AND ordinal = 0", "chunk 1 of 4 is missing")]
    [InlineData("DELETE FROM model_file_chunks WHERE content_id = $1 AND ordinal = 3", "chunk 4 of 4 is missing")]
    [InlineData("DELETE FROM model_file_chunks WHERE content_id = $1", "chunk 1 of 4 is missing")]
    [InlineData("INSERT INTO model_file_chunks SELECT content_id, 4, content FROM model_file_chunks WHERE content_id = $1 AND ordinal = 3", "after the last")]
    [InlineData("UPDATE model_file_chunks SET ordinal = CASE ordinal WHEN 0 THEN 101 ELSE 100 END WHERE content_id = $1 AND ordinal < 2", "is missing")]
    [InlineData("UPDATE model_files SET size = size - 700 WHERE content_id = $1", "chunk 3 of 3")]
    [InlineData("UPDATE model_files SET size = size + 1 WHERE content_id = $1", "chunk 4 of 4")]
    [InlineData("UPDATE model_files SET size = 0 WHERE content_id = $1", "chunk 1 of 1")]
    [InlineData("UPDATE model_files SET size = 9000000000000000000 WHERE content_id = $1", "chunk 4 of")]
    [InlineData("UPDATE model_files SET wrapped_key = set_byte(wrapped_key, 30, 255 - get_byte(wrapped_key, 30)) WHERE content_id = $1", "wrapped key")]
    [InlineData("UPDATE model_files SET wrapped_key = '\\x0102' WHERE content_id = $1", "wrapped key")]
    public async Task What_was_tampered_with_is_refused_and_named(string tamper, string named)
    {
        var stored = await _files.SaveAsync(StoredFiles.Content((3 * StoredFiles.Chunk) + 600));
        await Database.ExecuteAsync(tamper, await ContentIdAsync(stored));

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _files.ReadAsync(stored.Path));

        Assert.Contains(stored.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunks_that_change_places_are_refused()
    {
        var stored = await _files.SaveAsync(StoredFiles.Content(3 * StoredFiles.Chunk));
        var id = await ContentIdAsync(stored);
        await Database.ExecuteAsync("UPDATE model_file_chunks SET ordinal = ordinal + 10 WHERE content_id = $1 AND ordinal < 2", id);
        await Database.ExecuteAsync("UPDATE model_file_chunks SET ordinal = 11 - ordinal WHERE content_id = $1 AND ordinal >= 10", id);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _files.ReadAsync(stored.Path));

        Assert.Contains("chunk 1 of 3", error.Message, StringComparison.Ordinal);
    }

    // The other file's chunk is whole, at the same place and of the same length; also with the other file's key.
    [Theory]
    [InlineData("UPDATE model_file_chunks SET content = (SELECT content FROM model_file_chunks WHERE content_id = $2 AND ordinal = 1) WHERE content_id = $1 AND ordinal = 1")]
    [InlineData("UPDATE model_files SET wrapped_key = (SELECT wrapped_key FROM model_files WHERE content_id = $2) WHERE content_id = $1")]
    public async Task What_belongs_to_another_file_is_refused(string swap)
    {
        var one = await _files.SaveAsync(StoredFiles.Content(3 * StoredFiles.Chunk));
        var other = await _files.SaveAsync(StoredFiles.Content(3 * StoredFiles.Chunk));
        await Database.ExecuteAsync(swap, await ContentIdAsync(one), await ContentIdAsync(other));

        await Assert.ThrowsAsync<InvalidDataException>(() => _files.ReadAsync(one.Path));

        Assert.Equal(3 * StoredFiles.Chunk, (await _files.ReadAsync(other.Path)).Length);
    }

    // A whole row under another name: every chunk is right, the checksum is not.
    [Fact]
    public async Task Row_that_takes_another_files_name_is_refused()
    {
        var stored = await _files.SaveAsync(StoredFiles.Content(100));
        var name = Convert.ToHexStringLower(StoredFiles.Content(32));
        await Database.ExecuteAsync("UPDATE model_files SET sha256 = $2 WHERE content_id = $1", await ContentIdAsync(stored), name);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _files.ReadAsync($"sha256/{name}"));

        Assert.Contains("checksum is wrong", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_waits_for_a_model_that_is_being_written_and_then_leaves_its_file()
    {
        var stored = await _files.SaveAsync(StoredFiles.Content(30));
        await using var connection = await Database.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO ai_models (id, name, version, model_type, category, model_file_path)
            VALUES (gen_random_uuid(), gen_random_uuid()::text, '1', 'custom', 'Quality', $1)
            """;
        insert.Parameters.Add(new() { Value = stored.Path });
        await insert.ExecuteNonQueryAsync();

        var delete = _files.Store.DeleteIfUnusedAsync(stored.Path, CancellationToken.None);
        await WaitUntilBlockedAsync();
        await transaction.CommitAsync();
        await delete;

        Assert.Equal(30, (await _files.ReadAsync(stored.Path)).Length);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Reader_that_began_before_its_chunks_went_reads_to_the_end(int chunks)
    {
        var content = StoredFiles.Content((chunks * StoredFiles.Chunk) - 1);
        var stored = await _files.SaveAsync(content);
        await using var stream = await _files.Store.OpenReadAsync(stored.Path, CancellationToken.None);
        await Database.ExecuteAsync("DELETE FROM model_file_chunks WHERE content_id = $1", await ContentIdAsync(stored));

        using var read = new MemoryStream();
        await stream.CopyToAsync(read);

        Assert.True(content.AsSpan().SequenceEqual(read.ToArray()), "It is another.");
    }

    // More than there are connections.
    [Fact]
    public async Task Readers_that_end_early_give_their_connections_back()
    {
        var stored = await _files.SaveAsync(StoredFiles.Content(5 * StoredFiles.Chunk));
        for (var i = 0; i < 120; i++)
        {
            await using var stream = await _files.Store.OpenReadAsync(stored.Path, CancellationToken.None);
            await stream.ReadExactlyAsync(new byte[10]);
        }

        Assert.Equal(5 * StoredFiles.Chunk, (await _files.ReadAsync(stored.Path)).Length);
    }

    [Fact]
    public async Task More_readers_than_connections_read_to_the_end()
    {
        var content = StoredFiles.Content(9 * StoredFiles.Chunk);
        var stored = await _files.SaveAsync(content);
        await using var few = NpgsqlDataSource.Create($"{Database.ConnectionString};Maximum Pool Size=3;Timeout=20");
        using var files = new StoredFiles(few);

        var read = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => files.ReadAsync(stored.Path))));

        Assert.All(read, each => Assert.True(content.AsSpan().SequenceEqual(each), "It is another."));
    }

    private protected override async Task<long> CountContentsAsync()
    {
        await using var command = Database.Database.CreateCommand("SELECT count(DISTINCT content_id) FROM model_file_chunks");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private protected override async Task<byte[]> ReadStoredAsync(StoredFile file)
    {
        await using var command = Database.Database.CreateCommand(
            "SELECT string_agg(content, '' ORDER BY ordinal) FROM model_file_chunks WHERE content_id = $1");
        command.Parameters.Add(new() { Value = await ContentIdAsync(file) });
        return (byte[])(await command.ExecuteScalarAsync())!;
    }

    private protected override async Task ChangeStoredAsync(StoredFile file, Func<byte[], byte[]> change)
    {
        const int Length = StoredFiles.Chunk + ChunkCipher.TagBytes;
        var changed = change(await ReadStoredAsync(file));
        for (var ordinal = 0; ordinal * Length < changed.Length; ordinal++)
        {
            await Database.ExecuteAsync(
                "UPDATE model_file_chunks SET content = $3 WHERE content_id = $1 AND ordinal = $2",
                await ContentIdAsync(file),
                ordinal,
                changed[(ordinal * Length)..Math.Min(changed.Length, (ordinal + 1) * Length)]);
        }
    }

    private async Task<Guid> ContentIdAsync(StoredFile file)
    {
        await using var find = Database.Database.CreateCommand("SELECT content_id FROM model_files WHERE sha256 = $1");
        find.Parameters.Add(new() { Value = file.Sha256 });
        return (Guid)(await find.ExecuteScalarAsync())!;
    }

    private async Task WaitUntilBlockedAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            await using var command = Database.Database.CreateCommand(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
            if ((long)(await command.ExecuteScalarAsync(deadline.Token))! > 0)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }
}
