using OrleansAiFleet.Access;

namespace OrleansAiFleet.Storage.Access;

/// <summary>What is known of whoever asks, and of what they ask about.</summary>
public interface IAccessReader
{
    /// <summary>A user with all grants, or null where there is none.</summary>
    Task<UserAccess?> FindUserAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>A key with its owner, revoked and expired ones too, or null where there is none.</summary>
    /// <param name="hash">Of the key (<see cref="ApiKeySecret.Hash"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<KeyAccess?> FindKeyAsync(byte[] hash, CancellationToken cancellationToken);

    /// <summary>The same by the key's id, as signed requests name it.</summary>
    Task<KeyAccess?> FindKeyAsync(Guid keyId, CancellationToken cancellationToken);

    /// <summary>A deployment, where this is its key now; null otherwise.</summary>
    /// <param name="deploymentId">Whose key it is said to be.</param>
    /// <param name="hash">Of the key (<see cref="ApiKeySecret.Hash"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<DeploymentKeyAccess?> FindDeploymentKeyAsync(Guid deploymentId, byte[] hash, CancellationToken cancellationToken);

    /// <summary>Notes that a key was used, once a minute at most.</summary>
    Task TouchKeyAsync(Guid keyId, CancellationToken cancellationToken);

    /// <summary>Takes a signed request unless it was taken before.</summary>
    /// <param name="keyId">Who signed it.</param>
    /// <param name="signature">32 bytes.</param>
    /// <param name="expiresAt">When its time is too long ago for it to be taken at all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where it was taken before.</returns>
    Task<bool> TakeSignedRequestAsync(Guid keyId, byte[] signature, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>The site of something, or null where it does not exist.</summary>
    Task<SitePlace?> FindPlaceAsync(SitePart part, Guid id, CancellationToken cancellationToken);
}

/// <summary>What belongs to a site.</summary>
public enum SitePart
{
    /// <summary>The site itself.</summary>
    Site,

    /// <summary>A camera of it.</summary>
    Camera,

    /// <summary>A deployment to it.</summary>
    Deployment,

    /// <summary>A search for better settings of one.</summary>
    Optimization,
}

/// <summary>Where something is.</summary>
/// <param name="SiteId">Its site; null for what belongs to the whole fleet.</param>
public sealed record SitePlace(Guid? SiteId);

/// <summary>A user as far as access goes.</summary>
/// <param name="Id">Of the row in <c>users</c>.</param>
/// <param name="Name">Sign-in name.</param>
/// <param name="SecurityStamp">Changes when everything signed in before is to be refused.</param>
/// <param name="IsDisabled">May do nothing.</param>
/// <param name="MustChangePassword">May do nothing but that.</param>
/// <param name="Grants">Roles, each on a site or on all.</param>
public sealed record UserAccess(
    Guid Id, string Name, string? SecurityStamp, bool IsDisabled, bool MustChangePassword, IReadOnlyList<AccessGrant> Grants);

/// <summary>A key as far as access goes.</summary>
/// <param name="Id">Of the row in <c>api_keys</c>.</param>
/// <param name="Prefix">Its first letters.</param>
/// <param name="Owner">Whose rights it has at most.</param>
/// <param name="Actions">What it is limited to, or null.</param>
/// <param name="Sites">Where it is limited to, or null.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="IsRevoked">It was ended before.</param>
/// <param name="SigningSecret">What it signs with, encrypted; or null.</param>
public sealed record KeyAccess(
    Guid Id,
    string Prefix,
    UserAccess Owner,
    IReadOnlySet<AccessAction>? Actions,
    SiteScope? Sites,
    DateTimeOffset ExpiresAt,
    bool IsRevoked,
    string? SigningSecret);

/// <summary>A deployment's own key as far as access goes: good for pictures to that deployment and nothing else.</summary>
/// <param name="DeploymentId">Whose it is.</param>
/// <param name="SiteId">Where that is.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Prefix">The key's first letters.</param>
/// <param name="Hash">SHA-256 of the key.</param>
public sealed record DeploymentKeyAccess(Guid DeploymentId, Guid SiteId, string Name, string Prefix, byte[] Hash);
