using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Access;

/// <summary>Keys of programs.</summary>
public sealed class ApiKeyStore(IDbContextFactory<AccessContext> contexts, TimeProvider time)
{
    /// <summary>Keys of one owner or of all, newest first.</summary>
    /// <exception cref="FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<ApiKeyRow>> ListAsync(Guid? ownerId, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.Check();
        return DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.ApiKeys.AsNoTracking().Where(key => ownerId == null || key.UserId == ownerId).PageAsync(
                page, nameof(ApiKeyRow.CreatedAt), key => new(key.CreatedAt, key.Id), cancellationToken);
        });
    }

    /// <summary>One key, or null.</summary>
    public Task<ApiKeyRow?> FindAsync(Guid id, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == id, cancellationToken);
    });

    /// <summary>Adds a key.</summary>
    /// <exception cref="FleetRefusedException">There is no such owner, or it is there already.</exception>
    public Task<ApiKeyRow> AddAsync(ApiKeyRow key, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ApiKeys.Add(key);
        await SaveAsync(db, cancellationToken);
        return key;
    });

    /// <summary>Adds a key in place of another, which goes on being good for a while.</summary>
    /// <param name="id">The key that is replaced.</param>
    /// <param name="overlap">How long both are good; the old one never longer than it would have been.</param>
    /// <param name="successor">Makes the new one of the old one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FleetRefusedException">There is no such key, or it is replaced or ended already.</exception>
    public Task<ApiKeyRow> ReplaceAsync(
        Guid id, TimeSpan overlap, Func<ApiKeyRow, ApiKeyRow> successor, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var old = await HoldAsync(db, id, cancellationToken);
            if (old.ReplacedBy is not null || old.RevokedAt is not null || old.ExpiresAt <= time.GetUtcNow())
            {
                throw new FleetRefusedException(RefusalKind.Conflict, null, "The key has ended or was replaced already. Create a new one.");
            }

            var key = successor(old);
            db.ApiKeys.Add(key);
            await SaveAsync(db, cancellationToken);
            var end = time.GetUtcNow() + overlap;
            old.ReplacedBy = key.Id;
            old.ExpiresAt = old.ExpiresAt < end ? old.ExpiresAt : end;
            await SaveAsync(db, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return key;
        });

    /// <summary>Ends a key at once.</summary>
    /// <exception cref="FleetRefusedException">There is no such key.</exception>
    public Task<ApiKeyRow> RevokeAsync(Guid id, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var key = await HoldAsync(db, id, cancellationToken);
        key.RevokedAt ??= time.GetUtcNow();
        await SaveAsync(db, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return key;
    });

    private static async Task<ApiKeyRow> HoldAsync(AccessContext db, Guid id, CancellationToken cancellationToken) =>
        (await db.ApiKeys.FromSql($"SELECT * FROM api_keys WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken))
            .SingleOrDefault()
        ?? throw new FleetRefusedException(RefusalKind.NotFound, null, $"There is no key {id}.");

    private static async Task SaveAsync(AccessContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "owner_id", "There is no such owner.");
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new FleetRefusedException(RefusalKind.Conflict, "id", "There is a key of this id already.");
        }
    }
}
