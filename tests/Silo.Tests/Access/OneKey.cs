using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Tests.Access;

/// <summary>Knows an administrator's key and nobody else; whatever is asked for is on some site.</summary>
internal sealed class OneKey : IAccessReader
{
    public const string Secret = "fleet_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static readonly UserAccess Owner =
        new(Guid.CreateVersion7(), "tester", "stamp", IsDisabled: false, MustChangePassword: false, [new(AccessRole.Administrator)]);

    private readonly KeyAccess _key = new(
        Guid.CreateVersion7(), ApiKeySecret.PrefixOf(Secret), Owner, null, null, DateTimeOffset.MaxValue, IsRevoked: false, null);

    public Task<UserAccess?> FindUserAsync(Guid userId, CancellationToken cancellationToken) =>
        Task.FromResult<UserAccess?>(userId == Owner.Id ? Owner : null);

    public Task<KeyAccess?> FindKeyAsync(byte[] hash, CancellationToken cancellationToken) =>
        Task.FromResult<KeyAccess?>(hash.AsSpan().SequenceEqual(ApiKeySecret.Hash(Secret)) ? _key : null);

    public Task<KeyAccess?> FindKeyAsync(Guid keyId, CancellationToken cancellationToken) =>
        Task.FromResult<KeyAccess?>(keyId == _key.Id ? _key : null);

    public Task<DeploymentKeyAccess?> FindDeploymentKeyAsync(Guid deploymentId, byte[] hash, CancellationToken cancellationToken) =>
        Task.FromResult<DeploymentKeyAccess?>(null);

    public Task TouchKeyAsync(Guid keyId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> TakeSignedRequestAsync(
        Guid keyId, byte[] signature, DateTimeOffset expiresAt, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<SitePlace?> FindPlaceAsync(SitePart part, Guid id, CancellationToken cancellationToken) =>
        Task.FromResult<SitePlace?>(new(Guid.Empty));
}
