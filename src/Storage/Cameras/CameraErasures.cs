using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Cameras;

/// <summary>Erases what a camera has seen, with a receipt that is in the audit trail like every other row.</summary>
public sealed class CameraErasures(IDbContextFactory<FleetContext> contexts, TimeProvider time)
{
    /// <summary>How long an erasure is repeated: batches of a worker that was cut off may still come.</summary>
    public static readonly TimeSpan Repeated = TimeSpan.FromDays(7);

    /// <summary>Receipts of one camera, newest first.</summary>
    /// <exception cref="FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<Erasure>> ListAsync(Guid cameraId, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.Check();
        return DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.Erasures.AsNoTracking().Where(erasure => erasure.CameraId == cameraId).PageAsync(
                page, nameof(Erasure.CreatedAt), erasure => new(erasure.CreatedAt, erasure.Id), cancellationToken);
        });
    }

    /// <summary>Erases. Where it is broken off, <see cref="ResumeAsync"/> goes on.</summary>
    /// <param name="asked">
    /// Without figures; without <see cref="Erasure.ToTime"/>: until now. An id that is there already gives the receipt of then.
    /// </param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="FleetRefusedException">The id is another erasure's, or the database is away.</exception>
    public Task<Erasure> EraseAsync(Erasure asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            if (await db.Erasures.SingleOrDefaultAsync(row => row.Id == asked.Id, cancellationToken) is not { } erasure)
            {
                db.Erasures.Add(erasure = asked with { ToTime = asked.ToTime == default ? time.GetUtcNow() : asked.ToTime });
                await db.SaveChangesAsync(cancellationToken);
            }
            else if (!IsSame(erasure, asked))
            {
                throw new FleetRefusedException(RefusalKind.Conflict, "id", $"Erasure {asked.Id} is another one already.");
            }

            await RunAsync(db, erasure, cancellationToken);
            return await db.Erasures.AsNoTracking().SingleAsync(row => row.Id == asked.Id, cancellationToken);
        });
    }

    /// <summary>Ends what was broken off, and erases what came late for others.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow() - Repeated;
        var open = await db.Erasures.Where(row => row.CompletedAt == null || row.CreatedAt > since).ToListAsync(cancellationToken);
        foreach (var erasure in open)
        {
            await RunAsync(db, erasure, cancellationToken);
        }
    }

    // PostgreSQL keeps microseconds.
    private static bool IsSame(Erasure stored, Erasure asked) =>
        (stored.CameraId, stored.Reason, Microseconds(stored.FromTime)) == (asked.CameraId, asked.Reason, Microseconds(asked.FromTime))
        && (asked.ToTime == default || Microseconds(stored.ToTime) == Microseconds(asked.ToTime));

    private static long? Microseconds(DateTimeOffset? time) => time?.UtcTicks / TimeSpan.TicksPerMicrosecond;

    private async Task RunAsync(FleetContext db, Erasure erasure, CancellationToken cancellationToken)
    {
        var receipt = db.Entry(erasure);
        while (true)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await HoldAsync(db, erasure.Id, cancellationToken);
            await receipt.ReloadAsync(cancellationToken);
            var erased = await DetectionRemoval.DeleteFirstDayAsync(
                (NpgsqlConnection)db.Database.GetDbConnection(), [erasure.CameraId], erasure.FromTime, erasure.ToTime, cancellationToken);
            if (erased > 0)
            {
                receipt.Property(row => row.Detections).CurrentValue += erased;
            }
            else
            {
                receipt.Property(row => row.CompletedAt).CurrentValue ??= time.GetUtcNow();
            }

            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (erased == 0)
            {
                return;
            }
        }
    }

    // Two silos at one receipt would count over each other.
    private static async Task HoldAsync(FleetContext db, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM erasures WHERE id = $1 FOR UPDATE", (NpgsqlConnection)db.Database.GetDbConnection())
        {
            Transaction = (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction(),
            Parameters = { new() { Value = id } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
