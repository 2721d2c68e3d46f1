using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Brings the keys of all stored files under the current master key; the files themselves stay as they are. Idempotent,
/// batch by batch: what is interrupted goes on where it was, and reading and writing goes on beside it.
/// </summary>
public sealed partial class DataKeyRotation(NpgsqlDataSource database, IDataKeyWrapper keys, ILogger<DataKeyRotation> logger)
{
    private const int Batch = 100;

    private const string ReadSql = """
        SELECT
            sha256,
            content_id,
            key_id,
            wrapped_key
        FROM model_files
        WHERE key_id <> $1 AND sha256 > $2
        ORDER BY sha256
        LIMIT $3
        """;

    // What has another content or key by now is not touched.
    private const string WriteSql = """
        UPDATE model_files AS f
        SET key_id = $1, wrapped_key = new.wrapped
        FROM unnest($2, $3, $4) AS new (content_id, old, wrapped)
        WHERE f.content_id = new.content_id AND f.wrapped_key = new.old
        """;

    /// <summary>Wraps every key anew that is not under the current master key.</summary>
    public async Task<KeyRotation> RunAsync(CancellationToken cancellationToken)
    {
        var current = await keys.GetCurrentKeyIdAsync(cancellationToken);
        var rewrapped = 0;
        var left = 0;
        var after = "";
        while (await ReadAsync(current, after, cancellationToken) is { Count: > 0 } batch)
        {
            var changed = new List<(StoredKey Old, byte[] New)>();
            foreach (var old in batch)
            {
                if (await RewrapAsync(old, cancellationToken) is { } wrapped)
                {
                    changed.Add((old, wrapped));
                }
                else
                {
                    left++;
                }
            }

            rewrapped += await WriteAsync(current, changed, cancellationToken);
            after = batch[^1].Sha256;
        }

        if (rewrapped > 0)
        {
            LogRewrapped(rewrapped, current);
        }

        return new(current, rewrapped, left);
    }

    private async Task<byte[]?> RewrapAsync(StoredKey old, CancellationToken cancellationToken)
    {
        var context = ModelFileHeader.ContextOf(old.ContentId);
        try
        {
            var key = await keys.UnwrapAsync(old.Key, context, cancellationToken);
            var wrapped = await keys.WrapAsync(key, context, cancellationToken);
            CryptographicOperations.ZeroMemory(key);
            return wrapped.Content;
        }
        catch (Exception exception) when (exception is UnknownKeyException or InvalidDataException)
        {
            LogLeft(ModelFilePath.Of(old.Sha256), exception.Message);
            return null;
        }
    }

    private async Task<List<StoredKey>> ReadAsync(string current, string after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ReadSql);
        command.Parameters.Add(new() { Value = current });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = Batch });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<StoredKey> stored = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            stored.Add(new(reader.GetString(0), reader.GetGuid(1), new(reader.GetString(2), reader.GetFieldValue<byte[]>(3))));
        }

        return stored;
    }

    private async Task<int> WriteAsync(string current, List<(StoredKey Old, byte[] New)> changed, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(WriteSql);
        command.Parameters.Add(new() { Value = current });
        command.Parameters.Add(new() { Value = changed.Select(key => key.Old.ContentId).ToArray() });
        command.Parameters.Add(new()
        {
            Value = changed.Select(key => key.Old.Key.Content).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        });
        command.Parameters.Add(new()
        {
            Value = changed.Select(key => key.New).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record StoredKey(string Sha256, Guid ContentId, WrappedKey Key);

    [LoggerMessage(LogLevel.Information, "Keys of {Files} stored files are under master key {KeyId} now")]
    private partial void LogRewrapped(int files, string keyId);

    [LoggerMessage(LogLevel.Error, "The key of stored file {Path} stays as it is: {Reason}")]
    private partial void LogLeft(string path, string reason);
}

/// <summary>What a rotation did.</summary>
/// <param name="KeyId">The current master key.</param>
/// <param name="Rewrapped">Files whose key is under it since.</param>
/// <param name="Left">Files whose key could not be unwrapped; the log names them.</param>
public sealed record KeyRotation(string KeyId, int Rewrapped, int Left);
