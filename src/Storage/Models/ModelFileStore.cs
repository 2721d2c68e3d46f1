using System.Data;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Npgsql;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Files of models (weights, labels, configuration, documents, pictures), named by the SHA-256 of their content and
/// encrypted, each with a key of its own: docs/model-files.md.
/// </summary>
public sealed class ModelFileStore
{
    private const string LockFileSql = "SELECT 1 FROM model_files WHERE sha256 = $1 FOR UPDATE";

    private const string DeleteFileSql = """
        DELETE FROM model_files
        WHERE sha256 = $1 AND NOT is_model_file_used($2)
        RETURNING content_id, location
        """;

    private readonly NpgsqlDataSource _database;
    private readonly PostgresLanes _lanes;
    private readonly IDataKeyWrapper _keys;
    private readonly ModelFileLocations _locations;
    private readonly ModelFileRemovals _removals;

    internal ModelFileStore(
        NpgsqlDataSource database, IDataKeyWrapper keys, ModelFileLocations locations, ModelFileRemovals removals) =>
        (_database, _lanes, _keys, _locations, _removals) = (database, new(database), keys, locations, removals);

    /// <summary>
    /// Stores a file in constant memory. Storing the same content again stores nothing and gives the same path; where what
    /// is stored turns out to be damaged, it is put right.
    /// </summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">Database or bucket are away.</exception>
    public Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(() => UploadAsync(content, cancellationToken));

    /// <summary>Opens a file as it lies in the store, for who keeps it encrypted. Whoever opens it disposes it.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">Database or bucket are away.</exception>
    public Task<EncryptedModelFile> OpenEncryptedAsync(string path, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            var file = ModelFilePath.Parse(path) is { } sha256 ? await FindAsync(sha256, cancellationToken) : null;
            return file ?? throw new FileNotFoundException($"There is no stored model file '{path}'.", path);
        });

    /// <summary>
    /// Opens a file's plain content as a forward stream. Every chunk is checked before a byte of it is read, the whole with
    /// the last read; a damaged one ends in <see cref="InvalidDataException"/>. Read and dispose it asynchronously; it holds a
    /// database connection until then.
    /// </summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">The file's key was changed.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The store is away, or a master key is missing.</exception>
    public async Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken)
    {
        var file = await OpenEncryptedAsync(path, cancellationToken);
        try
        {
            return new DecryptedStream(file, await ModelFileDecryption.StartAsync(file.Header, _keys, cancellationToken), cancellationToken);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes a file that nothing refers to. Idempotent; a file in use stays.</summary>
    /// <returns>Whether it was removed by this call.</returns>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<bool> DeleteIfUnusedAsync(string path, CancellationToken cancellationToken) =>
        ModelFilePath.Parse(path) is { } sha256
            ? DatabaseOutage.GuardAsync(() => DeleteAsync(path, sha256, cancellationToken))
            : Task.FromResult(false);

    private async Task<StoredFile> UploadAsync(Stream content, CancellationToken cancellationToken)
    {
        var contentId = Guid.NewGuid();
        var key = ChunkCipher.CreateKey();
        var wrapped = await _keys.WrapAsync(key, ModelFileHeader.ContextOf(contentId), cancellationToken);
        using var plain = new PlainContent();
        await using var upload = await _locations.ForUploads.BeginAsync(contentId, cancellationToken);
        var chunks = plain.EncryptAsync(PlainContent.CutAsync(content, cancellationToken), key, contentId, cancellationToken);
        await foreach (var chunk in chunks.AheadAsync(cancellationToken))
        {
            using (chunk)
            {
                await upload.WriteAsync(chunk.Bytes, cancellationToken);
            }
        }

        CryptographicOperations.ZeroMemory(key);
        var row = new ModelFileRow(plain.Sha256, plain.Size, contentId, wrapped, _locations.ForUploads.Location);
        if (!await upload.TryKeepAsync(row, cancellationToken)
            && await FindDamagedAsync(row.Sha256, cancellationToken) is { } damaged)
        {
            await upload.TryReplaceAsync(row, damaged, cancellationToken);
        }

        return new(ModelFilePath.Of(row.Sha256), row.Sha256, row.Size);
    }

    /// <summary>The content of a name where it cannot be read any more, or null where it is well or gone.</summary>
    private async Task<Guid?> FindDamagedAsync(string sha256, CancellationToken cancellationToken)
    {
        await using var file = await FindAsync(sha256, cancellationToken);
        if (file is null)
        {
            return null;
        }

        try
        {
            CryptographicOperations.ZeroMemory(await ModelFileDamage.UnwrapAsync(file.Header, _keys, cancellationToken));
            await using var content = new DecryptedStream(
                file, await ModelFileDecryption.StartAsync(file.Header, _keys, cancellationToken), cancellationToken);
            await content.CopyToAsync(Stream.Null, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is InvalidDataException or UnknownKeyException)
        {
            return file.Header.ContentId;
        }
    }

    private async Task<EncryptedModelFile?> FindAsync(string sha256, CancellationToken cancellationToken)
    {
        var connection = await _database.OpenConnectionAsync(cancellationToken);
        var kept = false;
        try
        {
            // Name and chunks as of one moment: a content may be replaced or deleted between the two.
            await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            if (await ModelFileRow.FindAsync(connection, sha256, cancellationToken) is not { } row)
            {
                return null;
            }

            kept = row.Location == ModelFileRow.InPostgres;
            return row.Key is { } key
                ? Open(row, new(sha256, row.Size, row.ContentId, key), connection)
                : await OpenPlainAsync(row, connection, cancellationToken);
        }
        catch
        {
            kept = false;
            throw;
        }
        finally
        {
            if (!kept)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private EncryptedModelFile Open(ModelFileRow row, ModelFileHeader header, NpgsqlConnection connection) =>
        row.Location == ModelFileRow.InPostgres
            ? new(header, _lanes.ReadAsync(connection, header, CancellationToken.None), connection)
            : new(header, _locations.Bucket.ReadAsync(header, CancellationToken.None), null);

    // A file of before encryption: with a key made for this reader alone.
    private async Task<EncryptedModelFile> OpenPlainAsync(
        ModelFileRow row, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var key = ChunkCipher.CreateKey();
        var wrapped = await _keys.WrapAsync(key, ModelFileHeader.ContextOf(row.ContentId), cancellationToken);
        var header = new ModelFileHeader(row.Sha256, row.Size, row.ContentId, wrapped);
        return new(header, EncryptAsync(header, key, connection, CancellationToken.None), connection);
    }

    private static async IAsyncEnumerable<ModelFileChunk> EncryptAsync(
        ModelFileHeader header, byte[] key, NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var content = new PlainContent();
        await foreach (var chunk in content.EncryptAsync(
            PostgresContents.ReadAsync(connection, header, cancellationToken), key, header.ContentId, cancellationToken))
        {
            yield return chunk;
        }
    }

    private async Task<bool> DeleteAsync(string path, string sha256, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // A model being written holds its files until it commits: only after that wait can the delete see it.
        await using (var hold = new NpgsqlCommand(LockFileSql, connection) { Parameters = { new() { Value = sha256 } } })
        {
            await hold.ExecuteNonQueryAsync(cancellationToken);
        }

        if (await DeleteRowAsync(connection, path, sha256, cancellationToken) is not { } deleted)
        {
            return false;
        }

        if (deleted.Location == ModelFileRow.InS3)
        {
            await ModelFileRemovals.NoteAsync(connection, deleted.ContentId, TimeSpan.Zero, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        if (deleted.Location == ModelFileRow.InS3)
        {
            await _removals.TryRemoveAsync(deleted.ContentId, cancellationToken);
        }

        return true;
    }

    private static async Task<(Guid ContentId, string Location)?> DeleteRowAsync(
        NpgsqlConnection connection, string path, string sha256, CancellationToken cancellationToken)
    {
        await using var delete = new NpgsqlCommand(DeleteFileSql, connection)
        {
            Parameters = { new() { Value = sha256 }, new() { Value = path } },
        };
        await using var reader = await delete.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetGuid(0), reader.GetString(1)) : null;
    }
}

/// <summary>A stored file: its path in the store (<c>sha256/&lt;hex&gt;</c>), hex SHA-256 and size in bytes.</summary>
public sealed record StoredFile(string Path, string Sha256, long Size);
