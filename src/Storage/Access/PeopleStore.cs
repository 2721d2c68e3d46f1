using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Access;

/// <summary>Users with their grants. What only Identity can write (passwords, second factors) it writes.</summary>
public sealed class PeopleStore(IDbContextFactory<AccessContext> contexts, TimeProvider time)
{
    // Of pg_advisory_xact_lock: who takes an administrator away must see what others took.
    private const long AdministratorsLock = 0x666c65657461646d;

    /// <summary>Users, newest first.</summary>
    /// <exception cref="FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<Person>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        page.Check();
        return DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var users = await db.Users.AsNoTracking().PageAsync(
                page, nameof(FleetUser.CreatedAt), user => new(user.CreatedAt, user.Id), cancellationToken);
            var ids = users.Items.Select(user => user.Id).ToArray();
            var grants = await db.Grants.AsNoTracking().Where(grant => ids.Contains(grant.UserId)).ToListAsync(cancellationToken);
            var byUser = grants.ToLookup(grant => grant.UserId);
            return new Page<Person>([.. users.Items.Select(user => Person.Of(user, byUser[user.Id]))], users.NextCursor);
        });
    }

    /// <summary>One user, or null.</summary>
    public Task<Person?> FindAsync(Guid id, CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, id, cancellationToken);
    });

    /// <summary>Whether anybody can give rights: an administrator of all sites who is not disabled.</summary>
    public Task<bool> HasAdministratorAsync(CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await Administrators(db).AnyAsync(cancellationToken);
    });

    /// <summary>Makes these the user's grants, and no others.</summary>
    /// <exception cref="FleetRefusedException">
    /// There is no such user or site, or nobody would be left who can give rights.
    /// </exception>
    public Task<Person> SetGrantsAsync(Guid userId, IReadOnlyCollection<AccessGrant> grants, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            async db =>
            {
                var had = await db.Grants.Where(grant => grant.UserId == userId).ToListAsync(cancellationToken);
                db.Grants.RemoveRange(had.Where(row => !grants.Contains(new(row.Role, row.SiteId))));
                var kept = had.Select(row => new AccessGrant(row.Role, row.SiteId)).ToHashSet();
                db.Grants.AddRange(grants.Where(kept.Add).Select(grant => RowOf(userId, grant)));
            },
            cancellationToken);

    /// <summary>Gives a user another name to show, and takes all rights away or gives them back.</summary>
    /// <exception cref="FleetRefusedException">There is no such user, or nobody would be left who can give rights.</exception>
    public Task<Person> UpdateAsync(Guid userId, string displayName, bool disabled, CancellationToken cancellationToken) =>
        ChangeAsync(
            userId,
            async db =>
            {
                var user = await db.Users.SingleAsync(row => row.Id == userId, cancellationToken);
                user.DisplayName = displayName;
                user.DisabledAt = disabled ? user.DisabledAt ?? time.GetUtcNow() : null;
            },
            cancellationToken);

    /// <summary>Gives a user more roles, in the context's transaction.</summary>
    /// <exception cref="FleetRefusedException">A grant names a site that does not exist.</exception>
    public static Task AddGrantsAsync(
        AccessContext db, Guid userId, IEnumerable<AccessGrant> grants, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        db.Grants.AddRange(grants.Distinct().Select(grant => RowOf(userId, grant)));
        return SaveAsync(db, cancellationToken);
    }

    private static GrantRow RowOf(Guid userId, AccessGrant grant) => new()
    {
        Id = Guid.CreateVersion7(),
        UserId = userId,
        Role = grant.Role,
        SiteId = grant.SiteId,
    };

    private static IQueryable<FleetUser> Administrators(AccessContext db) => db.Users.Where(user =>
        user.DisabledAt == null
        && user.Kind == UserKind.Person
        && db.Grants.Any(grant => grant.UserId == user.Id && grant.Role == AccessRole.Administrator && grant.SiteId == null));

    private static async Task<Person?> FindAsync(AccessContext db, Guid id, CancellationToken cancellationToken) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken) is { } user
            ? Person.Of(user, await db.Grants.AsNoTracking().Where(grant => grant.UserId == id).ToListAsync(cancellationToken))
            : null;

    private Task<Person> ChangeAsync(Guid userId, Func<AccessContext, Task> change, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await LockAsync(db, cancellationToken);
            if (await FindAsync(db, userId, cancellationToken) is null)
            {
                throw new FleetRefusedException(RefusalKind.NotFound, null, $"There is no user {userId}.");
            }

            await change(db);
            await SaveAsync(db, cancellationToken);
            if (!await Administrators(db).AnyAsync(cancellationToken))
            {
                throw new FleetRefusedException(
                    RefusalKind.Conflict, null, "Nobody would be left who can give rights. Make somebody else administrator of all sites first.");
            }

            var person = await FindAsync(db, userId, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return person!;
        });

    private static async Task LockAsync(AccessContext db, CancellationToken cancellationToken)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        command.CommandText = $"SELECT pg_advisory_xact_lock({AdministratorsLock})";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task SaveAsync(AccessContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "grants", "A grant names a site that does not exist.");
        }
    }
}
