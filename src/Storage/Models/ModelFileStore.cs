using System.Buffers;
using System.Security.Cryptography;
using Npgsql;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Model files (weights, labels, configuration) in PostgreSQL, in chunks, named by their SHA-256.</summary>
public sealed class ModelFileStore(NpgsqlDataSource database)
{
    // Small enough to hold a few of in memory, large enough that round trips do not count.
    private const int ChunkSize = 1024 * 1024;

    private const string InsertChunkSql = """
        INSERT INTO model_file_chunks (content_id, ordinal, content)
        VALUES ($1, $2, $3)
        """;

    private const string InsertFileSql = """
        INSERT INTO model_files (sha256, size, content_id)
        VALUES ($1, $2, $3)
        ON CONFLICT (sha256) DO NOTHING
        """;

    private const string LockFileSql = "SELECT 1 FROM model_files WHERE sha256 = $1 FOR UPDATE";

    private const string DeleteFileSql = """
        DELETE FROM model_files
        WHERE sha256 = $1
            AND NOT EXISTS (
                SELECT 1
                FROM ai_models
                WHERE $2 IN (model_file_path, config_file_path, weights_file_path, labels_file_path)
            )
        """;

    /// <summary>Stores a file in constant memory. Storing the same content again stores nothing and gives the same path.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(() => InsertAsync(content, cancellationToken));

    /// <summary>Streams a file to a local path; the target appears only whole and with its checksum right.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">The content does not match its checksum.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public async Task FetchAsync(string path, string targetFile, CancellationToken cancellationToken)
    {
        var sha256 = ModelFilePath.Parse(path) ?? throw NotFound(path);
        var partial = $"{targetFile}.{Guid.NewGuid():N}.part";
        try
        {
            await DatabaseOutage.GuardAsync(() => DownloadAsync(path, sha256, partial, cancellationToken));
            File.Move(partial, targetFile, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Removes a file that no model refers to. Idempotent; a file in use stays.</summary>
    /// <returns>Whether it was removed by this call.</returns>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<bool> DeleteIfUnusedAsync(string path, CancellationToken cancellationToken) =>
        ModelFilePath.Parse(path) is { } sha256
            ? DatabaseOutage.GuardAsync(() => DeleteAsync(path, sha256, cancellationToken))
            : Task.FromResult(false);

    private async Task<StoredFile> InsertAsync(Stream content, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // One transaction: an upload that breaks off, or finds its content there already, leaves nothing behind.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var id = Guid.NewGuid();
        var (sha256, size) = await InsertChunksAsync(connection, id, content, cancellationToken);
        await using var insert = new NpgsqlCommand(InsertFileSql, connection)
        {
            Parameters = { new() { Value = sha256 }, new() { Value = size }, new() { Value = id } },
        };
        if (await insert.ExecuteNonQueryAsync(cancellationToken) == 1)
        {
            await transaction.CommitAsync(cancellationToken);
        }
        else
        {
            await transaction.RollbackAsync(cancellationToken);
        }

        return new(ModelFilePath.Of(sha256), sha256, size);
    }

    private async Task<bool> DeleteAsync(string path, string sha256, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // A model being written holds its files until it commits: only after that wait can the delete see it.
        await using (var hold = new NpgsqlCommand(LockFileSql, connection) { Parameters = { new() { Value = sha256 } } })
        {
            await hold.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var delete = new NpgsqlCommand(DeleteFileSql, connection)
        {
            Parameters = { new() { Value = sha256 }, new() { Value = path } },
        };
        var deleted = await delete.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return deleted == 1;
    }

    private static FileNotFoundException NotFound(string path) => new($"There is no stored model file '{path}'.", path);

    private static async Task<(string Sha256, long Size)> InsertChunksAsync(
        NpgsqlConnection connection, Guid id, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            long size = 0;
            for (var ordinal = 0; ; ordinal++)
            {
                var read = await content.ReadAtLeastAsync(
                    buffer.AsMemory(0, ChunkSize), ChunkSize, throwOnEndOfStream: false, cancellationToken);
                if (read == 0)
                {
                    return (Convert.ToHexStringLower(hash.GetHashAndReset()), size);
                }

                hash.AppendData(buffer, 0, read);
                size += read;
                await using var insert = new NpgsqlCommand(InsertChunkSql, connection)
                {
                    Parameters =
                    {
                        new() { Value = id },
                        new() { Value = ordinal },
                        new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = buffer.AsMemory(0, read) },
                    },
                };
                await insert.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<long> DownloadAsync(string path, string sha256, string target, CancellationToken cancellationToken)
    {
        await using var chunks = await StoredChunks.OpenAsync(database, sha256, cancellationToken) ?? throw NotFound(path);
        await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await chunks.CopyToAsync(file, hash, cancellationToken);
        if (file.Length != chunks.Size || Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256)
        {
            throw new InvalidDataException(
                $"The stored model file '{path}' is damaged: {file.Length} of {chunks.Size} bytes, checksum wrong. Upload it again.");
        }

        file.Flush(flushToDisk: true);
        return file.Length;
    }
}

/// <summary>A stored file: its path in the store (<c>sha256/&lt;hex&gt;</c>), hex SHA-256 and size in bytes.</summary>
public sealed record StoredFile(string Path, string Sha256, long Size);
