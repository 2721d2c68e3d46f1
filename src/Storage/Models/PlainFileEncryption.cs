using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Encrypts files that were stored before files were encrypted, where they are: each in one transaction, the old chunks
/// going with the commit that brings the new. What is interrupted changes nothing; readers see the one or the other.
/// </summary>
internal sealed partial class PlainFileEncryption(
    NpgsqlDataSource database, IDataKeyWrapper keys, ILogger<PlainFileEncryption> logger)
{
    private const string NextSql = """
        SELECT
            sha256,
            size,
            content_id
        FROM model_files
        WHERE wrapped_key IS NULL AND sha256 > $1
        ORDER BY sha256
        LIMIT 1
        """;

    /// <summary>Encrypts all there are; a damaged one stays as it is.</summary>
    /// <returns>How many were encrypted.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var encrypted = 0;
        var after = "";
        while (await FindAsync(after, cancellationToken) is { } file)
        {
            encrypted += await EncryptAsync(file, cancellationToken) ? 1 : 0;
            after = file.Sha256;
        }

        if (encrypted > 0)
        {
            LogEncrypted(encrypted);
        }

        return encrypted;
    }

    private async Task<ModelFileRow?> FindAsync(string after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(NextSql);
        command.Parameters.Add(new() { Value = after });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetString(0), reader.GetInt64(1), reader.GetGuid(2), null, ModelFileRow.InPostgres)
            : null;
    }

    private async Task<bool> EncryptAsync(ModelFileRow file, CancellationToken cancellationToken)
    {
        var contentId = Guid.NewGuid();
        var key = ChunkCipher.CreateKey();
        var wrapped = await keys.WrapAsync(key, ModelFileHeader.ContextOf(contentId), cancellationToken);
        await using var source = await database.OpenConnectionAsync(cancellationToken);
        await source.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var upload = await PostgresUpload.BeginAsync(database, contentId, cancellationToken);
        using var plain = new PlainContent();
        var old = new ModelFileHeader(file.Sha256, file.Size, file.ContentId, wrapped);
        try
        {
            var chunks = plain.EncryptAsync(PostgresContents.ReadAsync(source, old, cancellationToken), key, contentId, cancellationToken);
            await foreach (var chunk in chunks.AheadAsync(cancellationToken))
            {
                using (chunk)
                {
                    await upload.WriteAsync(chunk.Bytes, cancellationToken);
                }
            }

            if (plain.Sha256 != file.Sha256)
            {
                throw ModelFileDamage.WrongChecksum(old);
            }
        }
        catch (InvalidDataException exception)
        {
            LogDamaged(exception.Message);
            return false;
        }

        return await upload.TryReplaceAsync(
            file with { Size = plain.Size, ContentId = contentId, Key = wrapped }, file.ContentId, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "{Files} files stored before were encrypted")]
    private partial void LogEncrypted(int files);

    [LoggerMessage(LogLevel.Error, "A file stored before could not be encrypted and stays as it is: {Reason}")]
    private partial void LogDamaged(string reason);
}
