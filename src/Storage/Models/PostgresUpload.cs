using Npgsql;
using NpgsqlTypes;

namespace OrleansAiFleet.Storage.Models;

/// <summary>One transaction: chunks by COPY, then the name. What breaks off leaves nothing behind.</summary>
internal sealed class PostgresUpload : IModelFileUpload
{
    private const string CopySql = "COPY model_file_chunks (content_id, ordinal, content) FROM STDIN (FORMAT BINARY)";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Guid _contentId;
    private NpgsqlBinaryImporter? _copy;
    private int _next;

    private PostgresUpload(NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlBinaryImporter copy, Guid contentId) =>
        (_connection, _transaction, _copy, _contentId) = (connection, transaction, copy, contentId);

    public static async Task<PostgresUpload> BeginAsync(
        NpgsqlDataSource database, Guid contentId, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            return new(connection, transaction, await connection.BeginBinaryImportAsync(CopySql, cancellationToken), contentId);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        await _copy!.StartRowAsync(cancellationToken);
        await _copy.WriteAsync(_contentId, NpgsqlDbType.Uuid, cancellationToken);
        await _copy.WriteAsync(_next++, NpgsqlDbType.Integer, cancellationToken);
        await _copy.WriteAsync(chunk, NpgsqlDbType.Bytea, cancellationToken);
    }

    public async Task<bool> TryKeepAsync(ModelFileRow row, CancellationToken cancellationToken)
    {
        await FinishCopyAsync(cancellationToken);
        return await row.TryInsertAsync(_connection, cancellationToken) && await CommitAsync(cancellationToken);
    }

    public async Task<bool> TryReplaceAsync(ModelFileRow row, Guid replaced, CancellationToken cancellationToken)
    {
        await FinishCopyAsync(cancellationToken);
        return await row.TryReplaceAsync(_connection, replaced, cancellationToken) && await CommitAsync(cancellationToken);
    }

    // What was not committed is rolled back with the connection.
    public async ValueTask DisposeAsync()
    {
        if (_copy is not null)
        {
            await _copy.DisposeAsync();
        }

        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task FinishCopyAsync(CancellationToken cancellationToken)
    {
        if (_copy is { } copy)
        {
            await copy.CompleteAsync(cancellationToken);
            await copy.DisposeAsync();
            _copy = null;
        }
    }

    private async Task<bool> CommitAsync(CancellationToken cancellationToken)
    {
        await _transaction.CommitAsync(cancellationToken);
        return true;
    }
}
