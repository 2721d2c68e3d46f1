namespace OrleansAiFleet.Access;

/// <summary>What somebody may do: grants, narrowed where a key speaks for its owner. Pure.</summary>
/// <param name="Grants">Roles, each on a site or on all.</param>
/// <param name="Actions">What the key is limited to; null for all that the grants allow.</param>
/// <param name="Sites">Sites that the key is limited to.</param>
public sealed record AccessRights(
    IReadOnlyList<AccessGrant> Grants, IReadOnlySet<AccessAction>? Actions = null, SiteScope? Sites = null)
{
    /// <summary>Nothing at all.</summary>
    public static AccessRights None { get; } = new([]);

    /// <summary>Whether the action is allowed at all: on some site, or on what belongs to none.</summary>
    public bool Allows(AccessAction action) => !ScopeOf(action).IsEmpty;

    /// <summary>Whether the action is allowed on what belongs to this site.</summary>
    public bool Allows(AccessAction action, Guid siteId) => ScopeOf(action).Covers(siteId);

    /// <summary>Where the action is allowed.</summary>
    public SiteScope ScopeOf(AccessAction action)
    {
        if (Actions?.Contains(action) is false)
        {
            return SiteScope.None;
        }

        var rule = AccessPolicy.Of(action);
        var granted = Grants.Where(grant => rule.Roles.Contains(grant.Role)).ToArray();
        return rule.Reach switch
        {
            AccessReach.Anywhere => granted.Length > 0 ? SiteScope.All : SiteScope.None,

            // A key for some sites never speaks for the whole fleet.
            AccessReach.Fleet => granted.Any(grant => grant.SiteId is null) && Sites?.Sites is null ? SiteScope.All : SiteScope.None,
            _ => Granted(granted).Intersect(Sites ?? SiteScope.All),
        };
    }

    private static SiteScope Granted(AccessGrant[] grants) => grants.Any(grant => grant.SiteId is null)
        ? SiteScope.All
        : SiteScope.Of(grants.Select(grant => grant.SiteId.GetValueOrDefault()));
}
