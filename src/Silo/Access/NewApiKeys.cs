using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary>A key's row and what its holder is told, once.</summary>
internal sealed record NewApiKey(ApiKeyRow Row, CreatedApiKey Answer);

/// <summary>Makes keys.</summary>
internal sealed class NewApiKeys(SigningSecrets signing, TimeProvider time)
{
    public NewApiKey Make(CreateApiKey request, Guid owner) => Make(
        request.Id ?? Guid.CreateVersion7(),
        owner,
        request.Name,
        request.Actions is null ? null : [.. request.Actions.Distinct().Order().Select(ActionNames.NameOf)],
        request.SiteIds is null ? null : [.. request.SiteIds.Distinct().Order()],
        request.ExpiresInDays,
        request.Signing);

    /// <summary>A key that may what another may.</summary>
    public NewApiKey MakeAfter(ApiKeyRow old, RotateApiKey request) => Make(
        Guid.CreateVersion7(), old.UserId, old.Name, old.Actions, old.SiteIds, request.ExpiresInDays, old.SigningSecret is not null);

    private NewApiKey Make(Guid id, Guid owner, string name, string[]? actions, Guid[]? sites, int days, bool signs)
    {
        var secret = ApiKeySecret.Create();
        var signingSecret = signs ? SigningSecrets.Create() : null;
        var row = new ApiKeyRow
        {
            Id = id,
            UserId = owner,
            Name = name,
            Prefix = ApiKeySecret.PrefixOf(secret),
            Hash = ApiKeySecret.Hash(secret),
            SigningSecret = signingSecret is null ? null : signing.Protect(id, signingSecret),
            Actions = actions,
            SiteIds = sites,
            ExpiresAt = time.GetUtcNow().AddDays(days),
            CreatedAt = time.GetUtcNow(),
        };
        return new(row, new() { Key = ApiKey.Of(row), Secret = secret, SigningSecret = signingSecret });
    }
}
