using System.Security.Cryptography;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

public sealed class ModelFileStoreTests(FleetDatabase database) : IClassFixture<FleetDatabase>, IDisposable
{
    private const int Chunk = 1024 * 1024;

    private readonly ModelFileStore _store = new(database.Database);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fleet-model-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData((3 * Chunk) + 12345)]
    public async Task File_comes_back_byte_by_byte(int size)
    {
        var content = Content(size);

        var stored = await SaveAsync(content);
        var target = Target();
        await _store.FetchAsync(stored.Path, target, CancellationToken.None);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), stored.Sha256);
        Assert.Equal($"sha256/{stored.Sha256}", stored.Path);
        Assert.Equal(size, stored.Size);
        Assert.Equal(content, await File.ReadAllBytesAsync(target));
        Assert.Equal([target], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Same_content_is_stored_once_even_when_it_comes_five_times_at_once()
    {
        var content = Content((2 * Chunk) + 7);
        var before = await CountChunksAsync();

        var stored = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SaveAsync(content)));

        Assert.Single(stored.Select(file => file.Path).Distinct());
        Assert.Equal(before + 3, await CountChunksAsync());
    }

    [Fact]
    public async Task Upload_that_breaks_off_leaves_nothing()
    {
        var before = await CountChunksAsync();

        await Assert.ThrowsAsync<IOException>(() => _store.SaveAsync(new BrokenStream(Content(2 * Chunk)), CancellationToken.None));

        Assert.Equal(before, await CountChunksAsync());
    }

    [Fact]
    public async Task Content_comes_in_small_reads_too()
    {
        var content = Content(Chunk + 999);

        await using var trickle = new TricklingStream(content);
        var stored = await _store.SaveAsync(trickle, CancellationToken.None);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), stored.Sha256);
    }

    [Theory]
    [InlineData("sha256/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256/short")]
    [InlineData("../etc/passwd")]
    public async Task Unknown_path_is_not_found_and_makes_no_file(string path)
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() => _store.FetchAsync(path, Target(), CancellationToken.None));

        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData("UPDATE model_file_chunks SET content = set_byte(content, 5, 255 - get_byte(content, 5)) WHERE content_id = $1")]
    [InlineData("DELETE FROM model_file_chunks WHERE content_id = $1 AND ordinal = 1")]
    public async Task Damaged_content_is_refused_and_the_target_stays_as_it_was(string damage)
    {
        var stored = await SaveAsync(Content(3 * Chunk));
        await using var find = database.Database.CreateCommand("SELECT content_id FROM model_files WHERE sha256 = $1");
        find.Parameters.Add(new() { Value = stored.Sha256 });
        await database.ExecuteAsync(damage, (Guid)(await find.ExecuteScalarAsync())!);
        var target = Target();
        await File.WriteAllTextAsync(target, "old");

        await Assert.ThrowsAsync<InvalidDataException>(() => _store.FetchAsync(stored.Path, target, CancellationToken.None));

        Assert.Equal("old", await File.ReadAllTextAsync(target));
        Assert.Equal([target], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task File_in_use_stays_and_an_unused_one_goes_with_its_chunks()
    {
        var before = await CountChunksAsync();
        var used = await SaveAsync(Content(10));
        var unused = await SaveAsync(Content(20));
        await database.StoreAsync(Rows.Model() with { LabelsFilePath = used.Path });

        Assert.False(await _store.DeleteIfUnusedAsync(used.Path, CancellationToken.None));
        Assert.True(await _store.DeleteIfUnusedAsync(unused.Path, CancellationToken.None));
        Assert.False(await _store.DeleteIfUnusedAsync(unused.Path, CancellationToken.None));

        await _store.FetchAsync(used.Path, Target(), CancellationToken.None);
        await Assert.ThrowsAsync<FileNotFoundException>(() => _store.FetchAsync(unused.Path, Target(), CancellationToken.None));
        Assert.Equal(before + 1, await CountChunksAsync());
    }

    [Fact]
    public async Task Delete_waits_for_a_model_that_is_being_written_and_then_leaves_its_file()
    {
        var stored = await SaveAsync(Content(30));
        await using var connection = await database.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO ai_models (id, name, version, model_type, category, model_file_path)
            VALUES (gen_random_uuid(), gen_random_uuid()::text, '1', 'custom', 'Quality', $1)
            """;
        insert.Parameters.Add(new() { Value = stored.Path });
        await insert.ExecuteNonQueryAsync();

        var delete = _store.DeleteIfUnusedAsync(stored.Path, CancellationToken.None);
        await WaitUntilBlockedAsync();
        await transaction.CommitAsync();
        await delete;

        await _store.FetchAsync(stored.Path, Target(), CancellationToken.None);
    }

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        RandomNumberGenerator.Fill(content);
        return content;
    }

    private Task<StoredFile> SaveAsync(byte[] content) => _store.SaveAsync(new MemoryStream(content), CancellationToken.None);

    private string Target() => Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.onnx");

    private async Task<long> CountChunksAsync()
    {
        await using var command = database.Database.CreateCommand("SELECT count(*) FROM model_file_chunks");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task WaitUntilBlockedAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            await using var command = database.Database.CreateCommand(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
            if ((long)(await command.ExecuteScalarAsync(deadline.Token))! > 0)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }

    private sealed class TricklingStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 4099)], cancellationToken);
    }

    private sealed class BrokenStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new IOException("The connection broke.");
        }
    }
}
