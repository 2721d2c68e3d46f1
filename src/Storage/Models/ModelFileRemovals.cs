using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Objects that are to leave the bucket (<c>model_file_removals</c>), and their removal.</summary>
internal sealed partial class ModelFileRemovals(
    NpgsqlDataSource database, ModelFileLocations locations, ILogger<ModelFileRemovals> logger)
{
    private const string NoteSql = """
        INSERT INTO model_file_removals (content_id, remove_after)
        VALUES ($1, now() + $2)
        ON CONFLICT (content_id) DO UPDATE SET remove_after = EXCLUDED.remove_after
        """;

    private const string ForgetSql = "DELETE FROM model_file_removals WHERE content_id = $1";

    private const string DueSql = "SELECT content_id FROM model_file_removals WHERE remove_after <= now() ORDER BY remove_after LIMIT 1000";

    // Held while the object goes: an upload that takes its name at that moment waits, and finds its note gone.
    private const string HoldSql = """
        SELECT 1
        FROM model_file_removals
        WHERE content_id = $1 AND remove_after <= now()
        FOR UPDATE SKIP LOCKED
        """;

    /// <summary>Notes that an object is to go after some time.</summary>
    public static async Task NoteAsync(NpgsqlDataSource database, Guid contentId, TimeSpan after, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await NoteAsync(connection, contentId, after, cancellationToken);
    }

    /// <summary>The same in a transaction.</summary>
    public static async Task NoteAsync(NpgsqlConnection connection, Guid contentId, TimeSpan after, CancellationToken cancellationToken)
    {
        await using var note = new NpgsqlCommand(NoteSql, connection)
        {
            Parameters = { new() { Value = contentId }, new() { Value = after } },
        };
        await note.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The object is gone.</summary>
    public static async Task ForgetAsync(NpgsqlDataSource database, Guid contentId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ForgetAsync(connection, contentId, cancellationToken);
    }

    /// <summary>The object stays; false where it was removed already.</summary>
    public static async Task<bool> ForgetAsync(NpgsqlConnection connection, Guid contentId, CancellationToken cancellationToken)
    {
        await using var forget = new NpgsqlCommand(ForgetSql, connection) { Parameters = { new() { Value = contentId } } };
        return await forget.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Removes everything that is due; what fails stays due.</summary>
    /// <returns>How many objects were removed.</returns>
    public async Task<int> RemoveDueAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var due = await ReadDueAsync(cancellationToken);
        if (due.Count > 0 && locations.BucketOrNull is null)
        {
            LogNoBucket(due.Count);
            return 0;
        }

        foreach (var contentId in due)
        {
            removed += await TryRemoveAsync(contentId, cancellationToken) ? 1 : 0;
        }

        return removed;
    }

    /// <summary>Removes one object that is due now, or leaves it for later where that fails.</summary>
    public async Task<bool> TryRemoveAsync(Guid contentId, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var hold = new NpgsqlCommand(HoldSql, connection) { Parameters = { new() { Value = contentId } } })
            {
                if (await hold.ExecuteScalarAsync(cancellationToken) is null)
                {
                    return false;
                }
            }

            await locations.Bucket.DeleteAsync(contentId, cancellationToken);
            await ForgetAsync(connection, contentId, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is FleetRefusedException || DatabaseOutage.Is(exception))
        {
            LogLeft(contentId, exception.Message);
            return false;
        }
    }

    private async Task<List<Guid>> ReadDueAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(DueSql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Guid> due = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(reader.GetGuid(0));
        }

        return due;
    }

    [LoggerMessage(LogLevel.Warning, "{Objects} objects are to leave a bucket, and none is configured: set Fleet:Models:S3:Bucket")]
    private partial void LogNoBucket(int objects);

    [LoggerMessage(LogLevel.Warning, "The object {ContentId} of a deleted file is still in the bucket and is removed later: {Reason}")]
    private partial void LogLeft(Guid contentId, string reason);
}
