using OrleansAiFleet.Access;

namespace OrleansAiFleet.Storage.Access;

/// <summary>A user as administrators see it.</summary>
public sealed record Person
{
    public required Guid Id { get; init; }

    public required UserKind Kind { get; init; }

    /// <summary>Sign-in name: the e-mail address of a person, the name of a service.</summary>
    public required string Name { get; init; }

    public required string DisplayName { get; init; }

    public required IReadOnlyList<AccessGrant> Grants { get; init; }

    public bool TwoFactorEnabled { get; init; }

    public bool MustChangePassword { get; init; }

    /// <summary>Until when too many wrong passwords keep it out; null where they do not.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    internal static Person Of(FleetUser user, IEnumerable<GrantRow> grants) => new()
    {
        Id = user.Id,
        Kind = user.Kind,
        Name = user.UserName ?? "",
        DisplayName = user.DisplayName,
        Grants = [.. grants.OrderBy(grant => grant.Role).ThenBy(grant => grant.SiteId).Select(grant => new AccessGrant(grant.Role, grant.SiteId))],
        TwoFactorEnabled = user.TwoFactorEnabled,
        MustChangePassword = user.MustChangePassword,
        LockedUntil = user.LockoutEnd,
        DisabledAt = user.DisabledAt,
        CreatedAt = user.CreatedAt,
    };
}
