using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Uploads that arrive piece by piece: every piece is stored, encrypted, with the offset after it in one transaction, so that whatever
/// breaks off goes on where it ended.
/// </summary>
public sealed class PendingUploads(NpgsqlDataSource database, IDataKeyWrapper keys, TimeProvider time)
{
    /// <summary>How long an upload is kept after its last piece.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Most uploads of one person at a time.</summary>
    public const int MostPerUser = 20;

    /// <summary>Most pieces of one upload: whoever sends single bytes is stopped.</summary>
    public const int MostParts = 100_000;

    private const string CreateSql = """
        INSERT INTO model_uploads (id, user_id, length, metadata, key_id, wrapped_key, created_at, expires_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8
        WHERE (SELECT COUNT(*) FROM model_uploads WHERE user_id = $2 AND expires_at > $7) < $9
        """;

    private const string FindSql = """
        SELECT user_id, length, received, metadata::TEXT, expires_at
        FROM model_uploads
        WHERE id = $1 AND expires_at > $2
        """;

    private const string AppendSql = """
        WITH grown AS (
            UPDATE model_uploads
            SET received = received + $3, parts = parts + 1, expires_at = $5
            WHERE id = $1 AND received = $2 AND parts < $6
            RETURNING parts
        )
        INSERT INTO model_upload_parts (upload_id, ordinal, content)
        SELECT $1, parts - 1, $4
        FROM grown
        WHERE parts = $7
        """;

    private const string KeySql = "SELECT key_id, wrapped_key, parts FROM model_uploads WHERE id = $1";

    private const string ReadSql = """
        SELECT content
        FROM model_upload_parts
        WHERE upload_id = $1
        ORDER BY ordinal
        """;

    /// <summary>Begins an upload.</summary>
    /// <exception cref="FleetRefusedException">The person has too many under way, or the database is away.</exception>
    public Task<PendingUpload> CreateAsync(Guid user, long length, JsonText metadata, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            var (id, now) = (Guid.CreateVersion7(), time.GetUtcNow());
            var key = ChunkCipher.CreateKey();
            var wrapped = await keys.WrapAsync(key, ModelFileHeader.ContextOf(id), cancellationToken);
            CryptographicOperations.ZeroMemory(key);
            await using var create = database.CreateCommand(CreateSql);
            create.Parameters.AddRange((NpgsqlParameter[])
            [
                new() { Value = id }, new() { Value = user }, new() { Value = length },
                new() { Value = metadata.Value, NpgsqlDbType = NpgsqlDbType.Jsonb }, new() { Value = wrapped.KeyId }, new() { Value = wrapped.Content },
                new() { Value = now }, new() { Value = now + Kept }, new() { Value = (long)MostPerUser },
            ]);
            return await create.ExecuteNonQueryAsync(cancellationToken) == 1
                ? new PendingUpload(id, user, length, 0, metadata, now + Kept)
                : throw new FleetRefusedException(
                    RefusalKind.Conflict, null, $"You have {MostPerUser} uploads under way: finish or delete one of them.");
        });

    /// <summary>An upload that has not expired, or null.</summary>
    public Task<PendingUpload?> FindAsync(Guid id, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var find = database.CreateCommand(FindSql);
        find.Parameters.Add(new() { Value = id });
        find.Parameters.Add(new() { Value = time.GetUtcNow() });
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new PendingUpload(
                id, row.GetGuid(0), row.GetInt64(1), row.GetInt64(2), new(row.GetString(3)), row.GetFieldValue<DateTimeOffset>(4))
            : null;
    });

    /// <summary>Adds what a request brings. What came before it broke off stays.</summary>
    /// <param name="upload">As it was found; its end is where the request's bytes go.</param>
    /// <param name="content">At most as much as is missing; more is refused before it is stored.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Bytes that are here now.</returns>
    /// <exception cref="FleetRefusedException">Another request was quicker, there are too many pieces, or too many bytes.</exception>
    public async Task<long> AppendAsync(PendingUpload upload, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(content);
        var (key, parts) = await ReadKeyAsync(upload.Id, cancellationToken);
        using var cipher = new ChunkCipher(key, upload.Id);
        CryptographicOperations.ZeroMemory(key);
        using var plain = ModelFileChunk.Rent(ChunkCipher.ChunkBytes);
        using var encrypted = ModelFileChunk.Rent(ChunkCipher.ChunkBytes + ChunkCipher.TagBytes);
        var received = upload.Received;
        while (true)
        {
            var (bytes, failure) = await FillAsync(content, plain.Bytes, cancellationToken);
            if (bytes > 0)
            {
                if (received + bytes > upload.Length)
                {
                    throw new FleetRefusedException(
                        RefusalKind.Invalid,
                        "Upload-Offset",
                        $"The upload has {upload.Length} bytes; these would be {received + bytes - upload.Length} too many.");
                }

                cipher.Encrypt(parts, isLast: false, plain.Bytes.Span[..bytes], encrypted.Bytes.Span[..(bytes + ChunkCipher.TagBytes)]);
                await StoreAsync(upload.Id, received, bytes, encrypted.Bytes[..(bytes + ChunkCipher.TagBytes)], ++parts);
                received += bytes;
            }

            failure?.Throw();
            if (bytes < plain.Bytes.Length)
            {
                return received;
            }
        }
    }

    /// <summary>The content of a whole upload as a forward stream; disposed of asynchronously.</summary>
    /// <exception cref="InvalidDataException">While it is read: a piece was tampered with.</exception>
    public async Task<Stream> OpenReadAsync(PendingUpload upload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        var (key, _) = await ReadKeyAsync(upload.Id, cancellationToken);
        return new PartsStream(ReadPartsAsync(upload.Id, new ChunkCipher(key, upload.Id), cancellationToken));
    }

    /// <summary>Removes an upload with all that came. Idempotent.</summary>
    public Task DeleteAsync(Guid id, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var delete = database.CreateCommand("DELETE FROM model_uploads WHERE id = $1");
        delete.Parameters.Add(new() { Value = id });
        return await delete.ExecuteNonQueryAsync(cancellationToken);
    });

    // What is read until the connection breaks is worth keeping: the failure comes along with it.
    private static async Task<(int Bytes, System.Runtime.ExceptionServices.ExceptionDispatchInfo? Failure)> FillAsync(
        Stream content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var bytes = 0;
        try
        {
            int read;
            while (bytes < buffer.Length && (read = await content.ReadAsync(buffer[bytes..], cancellationToken)) > 0)
            {
                bytes += read;
            }

            return (bytes, null);
        }
        catch (Exception failure)
        {
            return (bytes, System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure));
        }
    }

    // A piece that is here is stored, whether or not its sender is still there.
    private Task<bool> StoreAsync(Guid id, long offset, int bytes, ReadOnlyMemory<byte> encrypted, int parts) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var append = database.CreateCommand(AppendSql);
        append.Parameters.AddRange((NpgsqlParameter[])
        [
            new() { Value = id }, new() { Value = offset }, new() { Value = (long)bytes },
            new() { Value = encrypted, NpgsqlDbType = NpgsqlDbType.Bytea }, new() { Value = time.GetUtcNow() + Kept }, new() { Value = MostParts },
            new() { Value = parts },
        ]);
        return await append.ExecuteNonQueryAsync(CancellationToken.None) == 1
            ? true
            : throw new FleetRefusedException(
                RefusalKind.Conflict,
                "Upload-Offset",
                "Another request has added to this upload, or it has too many pieces. Ask where it ends, and go on there.");
    });

    private Task<(byte[] Key, int Parts)> ReadKeyAsync(Guid id, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var read = database.CreateCommand(KeySql);
        read.Parameters.Add(new() { Value = id });
        await using var row = await read.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? (await keys.UnwrapAsync(
                new(row.GetString(0), row.GetFieldValue<byte[]>(1)), ModelFileHeader.ContextOf(id), cancellationToken), row.GetInt32(2))
            : throw new FleetRefusedException(RefusalKind.NotFound, null, $"There is no upload {id:D}, or it has expired.");
    });

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPartsAsync(
        Guid id, ChunkCipher cipher, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var owned = cipher;
        using var plain = ModelFileChunk.Rent(ChunkCipher.ChunkBytes);
        await using var read = database.CreateCommand(ReadSql);
        read.CommandTimeout = 0;
        read.Parameters.Add(new() { Value = id });
        await using var rows = await read.ExecuteReaderAsync(cancellationToken);
        for (var ordinal = 0; await rows.ReadAsync(cancellationToken); ordinal++)
        {
            var encrypted = rows.GetFieldValue<byte[]>(0);
            var bytes = encrypted.Length - ChunkCipher.TagBytes;
            if (bytes is < 0 or > ChunkCipher.ChunkBytes || !cipher.TryDecrypt(ordinal, isLast: false, encrypted, plain.Bytes.Span[..bytes]))
            {
                throw new InvalidDataException($"Piece {ordinal} of upload {id:D} was changed after it was stored: upload the file again.");
            }

            yield return plain.Bytes[..bytes];
        }
    }
}
