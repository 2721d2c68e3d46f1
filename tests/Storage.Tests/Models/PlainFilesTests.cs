using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

/// <summary>Files that were stored before files were encrypted.</summary>
public sealed class PlainFilesTests : IClassFixture<FleetDatabase>, IAsyncLifetime, IDisposable
{
    private readonly FleetDatabase _database;
    private readonly StoredFiles _files;

    public PlainFilesTests(FleetDatabase database) => (_database, _files) = (database, new(database.Database));

    public static TheoryData<int> Sizes => [0, 1, StoredFiles.Chunk, (2 * StoredFiles.Chunk) + 9];

    public Task InitializeAsync() => _database.ExecuteAsync("DELETE FROM ai_models; DELETE FROM model_files");

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Plain_file_is_readable_before_and_after_it_is_encrypted(int size)
    {
        var content = StoredFiles.Content(size);
        var path = await StorePlainAsync(content);

        Assert.Equal(content, await _files.ReadAsync(path));
        Assert.Equal(1, await _files.PlainFiles.RunAsync(CancellationToken.None));
        Assert.Equal(0, await _files.PlainFiles.RunAsync(CancellationToken.None));

        Assert.Equal(content, await _files.ReadAsync(path));
        Assert.Equal(0L, await CountAsync("SELECT count(*) FROM model_files WHERE wrapped_key IS NULL"));
        Assert.Equal(
            (long)Math.Max(1, (size + StoredFiles.Chunk - 1) / StoredFiles.Chunk), await CountAsync("SELECT count(*) FROM model_file_chunks"));
    }

    [Fact]
    public async Task Reader_gets_even_a_plain_file_encrypted()
    {
        var path = await StorePlainAsync(new byte[100]);

        await using var file = await _files.Store.OpenEncryptedAsync(path, CancellationToken.None);
        await foreach (var chunk in file.ReadChunksAsync())
        {
            using (chunk)
            {
                Assert.Equal(100 + ChunkCipher.TagBytes, chunk.Length);
                Assert.NotEqual(new byte[100], chunk.Bytes[..100].ToArray());
            }
        }
    }

    [Fact]
    public async Task Encryption_that_breaks_off_loses_nothing()
    {
        var content = StoredFiles.Content(3 * StoredFiles.Chunk);
        var path = await StorePlainAsync(content);
        using var cancel = new CancellationTokenSource();
        await using var blocked = await _database.Database.OpenConnectionAsync();
        await using var transaction = await blocked.BeginTransactionAsync();
        await using (var hold = blocked.CreateCommand())
        {
            hold.CommandText = "SELECT 1 FROM model_files FOR UPDATE";
            await hold.ExecuteScalarAsync();
        }

        // Everything is written; the change of the row waits when it is broken off.
        var running = _files.PlainFiles.RunAsync(cancel.Token);
        await UntilBlockedAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await transaction.RollbackAsync();

        Assert.Equal(content, await _files.ReadAsync(path));
        Assert.Equal(3L, await CountAsync("SELECT count(*) FROM model_file_chunks"));
        Assert.Equal(1, await _files.PlainFiles.RunAsync(CancellationToken.None));
        Assert.Equal(content, await _files.ReadAsync(path));
    }

    [Fact]
    public async Task Reader_that_began_before_reads_to_the_end()
    {
        var content = StoredFiles.Content(8 * StoredFiles.Chunk);
        var path = await StorePlainAsync(content);
        await using var stream = await _files.Store.OpenReadAsync(path, CancellationToken.None);
        var start = new byte[10];
        await stream.ReadExactlyAsync(start);

        Assert.Equal(1, await _files.PlainFiles.RunAsync(CancellationToken.None));

        using var rest = new MemoryStream();
        await stream.CopyToAsync(rest);
        Assert.True(content.AsSpan(10).SequenceEqual(rest.ToArray()), "The rest is another.");
    }

    [Fact]
    public async Task Damaged_plain_file_stays_as_it_is_and_the_others_are_encrypted()
    {
        var damaged = await StorePlainAsync(StoredFiles.Content(100));
        var whole = await StorePlainAsync(StoredFiles.Content(200));
        await _database.ExecuteAsync(
            "UPDATE model_file_chunks SET content = 'x' WHERE content_id = (SELECT content_id FROM model_files WHERE sha256 = $1)", damaged[7..]);

        Assert.Equal(1, await _files.PlainFiles.RunAsync(CancellationToken.None));

        await Assert.ThrowsAsync<InvalidDataException>(() => _files.ReadAsync(damaged));
        Assert.Equal(200, (await _files.ReadAsync(whole)).Length);
    }

    [Fact]
    public async Task Upkeep_does_it_on_one_silo_at_a_time()
    {
        var path = await StorePlainAsync(StoredFiles.Content(100));
        await using (var other = await _database.Database.OpenConnectionAsync())
        {
            await using var transaction = await other.BeginTransactionAsync();
            await using var turn = other.CreateCommand();
            turn.CommandText = $"SELECT pg_advisory_xact_lock({0x4D6F64656C46})";
            await turn.ExecuteScalarAsync();
            Assert.False(await Upkeep().RunAsync(CancellationToken.None));
        }

        Assert.True(await Upkeep().RunAsync(CancellationToken.None));

        Assert.Equal(0L, await CountAsync("SELECT count(*) FROM model_files WHERE wrapped_key IS NULL"));
        Assert.Equal(100, (await _files.ReadAsync(path)).Length);
    }

    [Fact]
    public async Task Silo_that_starts_encrypts_files_and_brings_keys_under_its_master_key()
    {
        var path = await StorePlainAsync(StoredFiles.Content(100));
        using var before = new StoredFiles(_database.Database, null, TestKeys.Of(9));
        var old = await before.SaveAsync(StoredFiles.Content(200));
        await using var silo = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IDataKeyWrapper>(new MasterKeyWrapper([TestKeys.Current, TestKeys.Of(9)]))
            .AddFleetStorage(_database.ConnectionString)
            .AddModelFileUpkeep()
            .BuildServiceProvider();

        var upkeep = Assert.Single(silo.GetServices<IHostedService>());
        await upkeep.StartAsync(CancellationToken.None);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync($"SELECT count(*) FROM model_files WHERE key_id = '{TestKeys.Current.Id}'") < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }

        await upkeep.StopAsync(CancellationToken.None);
        Assert.Equal(100, (await _files.ReadAsync(path)).Length);
        Assert.Equal(200, (await _files.ReadAsync(old.Path)).Length);
    }

    private ModelFileUpkeep Upkeep() => new(
        _database.Database,
        _files.PlainFiles,
        _files.Rotation,
        new(_database.Database, _files.Store),
        _files.Removals,
        TimeProvider.System,
        NullLogger<ModelFileUpkeep>.Instance);

    private async Task<string> StorePlainAsync(byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var id = Guid.NewGuid();
        await _database.ExecuteAsync("INSERT INTO model_files (sha256, size, content_id) VALUES ($1, $2, $3)", sha256, (long)content.Length, id);
        for (var at = 0; at < content.Length; at += StoredFiles.Chunk)
        {
            await _database.ExecuteAsync(
                "INSERT INTO model_file_chunks (content_id, ordinal, content) VALUES ($1, $2, $3)",
                id,
                at / StoredFiles.Chunk,
                content[at..Math.Min(content.Length, at + StoredFiles.Chunk)]);
        }

        return $"sha256/{sha256}";
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = _database.Database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task UntilBlockedAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }
}
