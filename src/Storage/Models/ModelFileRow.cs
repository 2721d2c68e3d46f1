using Npgsql;
using NpgsqlTypes;

namespace OrleansAiFleet.Storage.Models;

/// <summary>A row of <c>model_files</c>.</summary>
/// <param name="Sha256">Of the plain content, hexadecimal.</param>
/// <param name="Size">Of the plain content, in bytes.</param>
/// <param name="ContentId">Of its chunks or its object.</param>
/// <param name="Key">Null where the content is not encrypted yet.</param>
/// <param name="Location"><see cref="InPostgres"/> or <see cref="InS3"/>.</param>
internal sealed record ModelFileRow(string Sha256, long Size, Guid ContentId, WrappedKey? Key, string Location)
{
    public const string InPostgres = "postgres";
    public const string InS3 = "s3";

    private const string FindSql = """
        SELECT
            size,
            content_id,
            key_id,
            wrapped_key,
            location
        FROM model_files
        WHERE sha256 = $1
        """;

    private const string InsertSql = """
        INSERT INTO model_files (sha256, size, content_id, key_id, wrapped_key, location)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (sha256) DO NOTHING
        """;

    private const string ReplaceSql = """
        WITH old AS (
            SELECT content_id, location
            FROM model_files
            WHERE sha256 = $1 AND content_id = $7
        )
        UPDATE model_files AS f
        SET size = $2, content_id = $3, key_id = $4, wrapped_key = $5, location = $6
        FROM old
        WHERE f.sha256 = $1 AND f.content_id = old.content_id
        RETURNING old.location
        """;

    private const string DropChunksSql = "DELETE FROM model_file_chunks WHERE content_id = $1";

    /// <summary>The row of a name, or null.</summary>
    public static async Task<ModelFileRow?> FindAsync(NpgsqlConnection connection, string sha256, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand(FindSql, connection) { Parameters = { new() { Value = sha256 } } };
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var key = await reader.IsDBNullAsync(2, cancellationToken)
            ? null
            : new WrappedKey(reader.GetString(2), reader.GetFieldValue<byte[]>(3));
        return new(sha256, reader.GetInt64(0), reader.GetGuid(1), key, reader.GetString(4));
    }

    /// <summary>Takes the name; false where it is taken.</summary>
    public async Task<bool> TryInsertAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var insert = Command(InsertSql, connection);
        return await insert.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Takes the place of another content of the same name, which goes; false where the name has that one no longer.</summary>
    public async Task<bool> TryReplaceAsync(NpgsqlConnection connection, Guid replaced, CancellationToken cancellationToken)
    {
        await using var replace = Command(ReplaceSql, connection);
        replace.Parameters.Add(new() { Value = replaced });
        if (await replace.ExecuteScalarAsync(cancellationToken) is not string location)
        {
            return false;
        }

        if (location == InS3)
        {
            await ModelFileRemovals.NoteAsync(connection, replaced, TimeSpan.Zero, cancellationToken);
            return true;
        }

        await using var drop = new NpgsqlCommand(DropChunksSql, connection) { Parameters = { new() { Value = replaced } } };
        await drop.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private NpgsqlCommand Command(string sql, NpgsqlConnection connection) => new(sql, connection)
    {
        Parameters =
        {
            new() { Value = Sha256 },
            new() { Value = Size },
            new() { Value = ContentId },
            new() { Value = (object?)Key?.KeyId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (object?)Key?.Content ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
            new() { Value = Location },
        },
    };
}
