using System.Net.Sockets;
using Npgsql;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Stores batches and tells a database that is away from a row it will never take: the first is thrown for the caller to
/// try again, the second is set aside alone and never stops the others.
/// </summary>
internal sealed class FrameBatchStore(FrameBatchSql sql, RejectedBatches rejected, FrameBatchMeter meter, TimeProvider time)
{
    /// <summary>Stores batches in one transaction, or one by one where one of them is bad. All are done with afterwards.</summary>
    /// <exception cref="Exception">The database is away (<see cref="IsAway"/>): nothing or a part is stored, try all again.</exception>
    public async Task StoreAsync(IReadOnlyList<FrameBatch> batches, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var rows = await sql.StoreAsync(batches, cancellationToken);
            meter.Stored(batches.Count, rows, time.GetElapsedTime(started));
        }
        catch (Exception exception) when (!IsAway(exception))
        {
            foreach (var part in batches.Count > 1 ? batches.Select(batch => (FrameBatch[])[batch]) : Halves(batches[0], exception))
            {
                await StoreAsync(part, cancellationToken);
            }
        }
    }

    /// <summary>Whether trying again later can help. A cancelled wait is nothing to judge.</summary>
    /// <remarks>
    /// Only what is wrong with the values themselves is refused for good: data exceptions (class 22), broken constraints
    /// (23) and program limits (54). A missing table or right, a full disk or a shut down server is put right by people.
    /// </remarks>
    public static bool IsAway(Exception exception) => exception switch
    {
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] } => false,
        NpgsqlException or TimeoutException or SocketException or IOException => true,
        OperationCanceledException or ObjectDisposedException => true,
        _ => false,
    };

    // One bad row must not take the detections of other cameras with it: halve until it stands alone.
    private IEnumerable<FrameBatch[]> Halves(FrameBatch batch, Exception reason)
    {
        if (batch.Detections.Count + batch.Reports.Count <= 1)
        {
            meter.Rejected(batch.Detections.Count);
            rejected.Add(batch, reason);
            yield break;
        }

        if (batch.Detections.Count > 0 && batch.Reports.Count > 0)
        {
            yield return [batch with { Reports = [] }];
            yield return [new([], batch.Reports)];
            yield break;
        }

        var (detections, reports) = (batch.Detections.Count / 2, batch.Reports.Count / 2);
        yield return [Part(batch, [.. batch.Detections.Take(detections)], [.. batch.Reports.Take(reports)])];
        yield return [Part(batch, [.. batch.Detections.Skip(detections)], [.. batch.Reports.Skip(reports)])];
    }

    private static FrameBatch Part(FrameBatch whole, IReadOnlyList<Detection> detections, IReadOnlyList<WindowReport> reports)
    {
        var ids = detections.Select(detection => detection.Id).ToHashSet();
        return new(detections, reports) { Outgoing = [.. whole.Outgoing.Where(outgoing => ids.Contains(outgoing.DetectionId))] };
    }
}
