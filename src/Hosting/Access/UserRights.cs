using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Users who are signed in: asked for with every request, and again and again while a page is open.</summary>
public sealed class UserRights
{
    private readonly AccessCache _cache;

    internal UserRights(AccessCache cache) => _cache = cache;

    /// <summary>The user, or null where the sign-in was ended or the user is disabled.</summary>
    /// <param name="userId">Who signed in.</param>
    /// <param name="stamp">The security stamp of then.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<UserAccess?> FindAsync(Guid userId, string? stamp, CancellationToken cancellationToken) =>
        await _cache.FindUserAsync(userId, cancellationToken) is { IsDisabled: false } user && user.SecurityStamp == stamp ? user : null;
}
