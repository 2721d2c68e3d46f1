using System.Buffers;
using System.Data;
using System.Security.Cryptography;
using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>The content of one stored file as PostgreSQL sends it, a buffer at a time.</summary>
internal sealed class StoredChunks : IAsyncDisposable
{
    private const int BufferSize = 128 * 1024;

    private const string FindSql = """
        SELECT
            content_id,
            size
        FROM model_files
        WHERE sha256 = $1
        """;

    private const string ReadSql = """
        SELECT content
        FROM model_file_chunks
        WHERE content_id = $1
        ORDER BY ordinal
        """;

    private readonly NpgsqlConnection _connection;
    private readonly Guid _contentId;

    private StoredChunks(NpgsqlConnection connection, Guid contentId, long size)
    {
        _connection = connection;
        _contentId = contentId;
        Size = size;
    }

    /// <summary>Size of the whole file in bytes, as it was stored.</summary>
    public long Size { get; }

    /// <summary>Finds a file, or null where there is none.</summary>
    public static async Task<StoredChunks?> OpenAsync(
        NpgsqlDataSource database, string sha256, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var find = new NpgsqlCommand(FindSql, connection) { Parameters = { new() { Value = sha256 } } };
            await using var reader = await find.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                return new(connection, reader.GetGuid(0), reader.GetInt64(1));
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    public async Task CopyToAsync(Stream target, IncrementalHash hash, CancellationToken cancellationToken)
    {
        // Without limit: a large file takes its time on a slow link; the caller can cancel.
        await using var command = new NpgsqlCommand(ReadSql, _connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = _contentId } },
        };
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                await using var chunk = await reader.GetStreamAsync(0, cancellationToken);
                int read;
                while ((read = await chunk.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
