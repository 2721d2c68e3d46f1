using System.Collections.Frozen;

using static OrleansAiFleet.Access.AccessRole;

namespace OrleansAiFleet.Access;

/// <summary>
/// Who may do what: the one table that decides, for the REST API, the console, live pushes and inference alike. Pure.
/// </summary>
public static class AccessPolicy
{
    private static readonly AccessRole[] Everybody = Enum.GetValues<AccessRole>();
    private static readonly AccessRole[] People = [Administrator, ModelEngineer, Approver, SiteManager, Operator, Viewer];

    private static readonly FrozenDictionary<AccessAction, AccessRule> Rules = new Dictionary<AccessAction, AccessRule>
    {
        [AccessAction.UseApi] = AccessRule.Anywhere(Everybody),
        [AccessAction.ReadModels] = AccessRule.Anywhere(Everybody),
        [AccessAction.UploadModels] = AccessRule.WholeFleet(Administrator, ModelEngineer),
        [AccessAction.ApproveModels] = AccessRule.WholeFleet(Administrator, Approver),
        [AccessAction.DownloadModels] = AccessRule.WholeFleet(Administrator, ModelEngineer, Approver),
        [AccessAction.RetireModels] = AccessRule.WholeFleet(Administrator, ModelEngineer, Approver),
        [AccessAction.MoveAliases] = AccessRule.WholeFleet(Administrator, Operator),
        [AccessAction.ManageCategories] = AccessRule.WholeFleet(Administrator, ModelEngineer),
        [AccessAction.OverrideLicenses] = AccessRule.WholeFleet(Administrator),
        [AccessAction.ReadSites] = AccessRule.OnSite(Everybody),
        [AccessAction.CreateSites] = AccessRule.WholeFleet(Administrator),
        [AccessAction.ManageSites] = AccessRule.OnSite(Administrator, SiteManager),
        [AccessAction.ReadCameras] = AccessRule.OnSite(Everybody),
        [AccessAction.ManageCameras] = AccessRule.OnSite(Administrator, SiteManager),
        [AccessAction.WatchCameras] = AccessRule.OnSite(People),
        [AccessAction.ReadDeployments] = AccessRule.OnSite(Everybody),
        [AccessAction.Deploy] = AccessRule.OnSite(Administrator, SiteManager, Operator),
        [AccessAction.ReadMetrics] = AccessRule.OnSite(Everybody),
        [AccessAction.ReadDetections] = AccessRule.OnSite(Everybody),
        [AccessAction.MarkDetections] = AccessRule.OnSite(Administrator, ModelEngineer, SiteManager, Operator),
        [AccessAction.ReadFleet] = AccessRule.OnSite(Everybody),
        [AccessAction.OpenDashboard] = AccessRule.WholeFleet(Administrator, Operator),
        [AccessAction.SendEvents] = AccessRule.OnSite(Administrator, Integration),
        [AccessAction.Infer] = AccessRule.OnSite(Administrator, ModelEngineer, SiteManager, Operator, Integration),
        [AccessAction.ManagePeople] = AccessRule.WholeFleet(Administrator),
        [AccessAction.ManageKeys] = AccessRule.WholeFleet(Administrator),
        [AccessAction.ReadAudit] = AccessRule.WholeFleet(Administrator, Approver),
        [AccessAction.ExportData] = AccessRule.OnSite(Administrator, ModelEngineer, SiteManager),
        [AccessAction.ManageRetention] = AccessRule.WholeFleet(Administrator),
    }.ToFrozenDictionary();

    /// <summary>The rule of an action.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The table lacks it.</exception>
    public static AccessRule Of(AccessAction action) => Rules.TryGetValue(action, out var rule)
        ? rule
        : throw new ArgumentOutOfRangeException(nameof(action), action, "The access table has no rule for it.");
}

/// <summary>What a role must be granted on for an action.</summary>
public enum AccessReach
{
    /// <summary>Any grant of the role does: what the action touches belongs to no site.</summary>
    Anywhere,

    /// <summary>The grant must cover the site that is touched.</summary>
    Site,

    /// <summary>The grant must cover all sites: what the action touches belongs to all of them.</summary>
    Fleet,
}

/// <summary>One line of the table.</summary>
/// <param name="Reach">What the grant must cover.</param>
/// <param name="Roles">Who may.</param>
public sealed record AccessRule(AccessReach Reach, IReadOnlyList<AccessRole> Roles)
{
    internal static AccessRule Anywhere(params AccessRole[] roles) => new(AccessReach.Anywhere, roles);

    internal static AccessRule OnSite(params AccessRole[] roles) => new(AccessReach.Site, roles);

    internal static AccessRule WholeFleet(params AccessRole[] roles) => new(AccessReach.Fleet, roles);
}
