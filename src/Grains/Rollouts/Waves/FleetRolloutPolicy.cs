using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>What a fleet rollout must look like to be begun, and the rows that follow from it. Pure.</summary>
internal static class FleetRolloutPolicy
{
    /// <summary>Most sites of one fleet rollout.</summary>
    public const int MostSites = 5000;

    private const int MostConcurrent = 1000;
    private const int MostDecisions = 200;
    private const int LongestSoakSeconds = 30 * 24 * 3600;

    /// <summary>What is wrong with the wish by itself, or null.</summary>
    public static Refusal? Judge(Guid key, FleetRolloutWish wish) => Refusal.First(
        Field.Key(key, wish.Id),
        Field.Required("name", wish.Name, 255),
        Field.Whole("max_concurrent_sites", wish.MaxConcurrentSites, 1, MostConcurrent),
        Field.Whole("soak_seconds", wish.SoakSeconds, 0, LongestSoakSeconds),
        Field.Whole("failure_policy.sites", wish.FailurePolicy.Sites, 1, MostSites),
        Field.Whole("failure_policy.percent", wish.FailurePolicy.Percent, 1, 100),
        Field.Named("failure_policy.scope", wish.FailurePolicy.Scope),
        Field.Named("failure_policy.then", wish.FailurePolicy.Then),
        Field.Text("template.camera_name_contains", wish.Template.CameraNameContains, 255),
        wish.Template.Steps is null ? Refusal.Invalid("template.steps", "template.steps must not be null: leave them out.") : null,
        wish.Template.Analysis is null ? Refusal.Invalid("template.analysis", "template.analysis must not be null: leave it out.") : null,
        Sites(wish.SiteIds),
        WavePlan.Judge(wish.Waves));

    /// <summary>The wish with what its template leaves open taken from the model.</summary>
    public static FleetRolloutWish Complete(FleetRolloutWish wish, AiModel model) => wish with
    {
        Template = wish.Template with
        {
            DeploymentName = wish.Template.DeploymentName ?? model.Name,
            ConfidenceThreshold = wish.Template.ConfidenceThreshold ?? model.ConfidenceThresholdDefault,
            BatchSize = wish.Template.BatchSize ?? model.BatchSizeOptimal ?? 1,
        },
    };

    /// <summary>What is wrong with the completed template, or null: whatever a site's own deployment or rollout would refuse.</summary>
    public static Refusal? JudgeTemplate(FleetRolloutWish wish)
    {
        var example = DeploymentOf(wish.ModelId, wish.Template, Guid.Empty, null) with { Id = wish.Id };
        var refusal = Refusal.First(
            DeploymentPolicy.Judge(wish.Id, example),
            wish.Template.Steps.Length > 0 || wish.Template.Analysis.Length == 0
                ? null
                : Refusal.Invalid("analysis", "A version that is taken up at once is not measured: give steps, or leave the metrics out."),
            wish.Template.Steps.Length == 0 ? null : RolloutPolicy.Judge(wish.Id, RolloutOf(wish.Id, Guid.Empty, wish.ModelId, wish.Template, null)));
        return refusal is null ? null : refusal with { Field = $"template.{refusal.Field}" };
    }

    /// <summary>A new deployment of a site, but for its id and cameras.</summary>
    public static Deployment DeploymentOf(Guid modelId, SiteTemplate template, Guid siteId, Guid? by) => new()
    {
        ModelId = modelId,
        SiteId = siteId,
        DeploymentName = template.DeploymentName ?? "",
        ConfidenceThreshold = template.ConfidenceThreshold ?? 0,
        BatchSize = template.BatchSize ?? 1,
        DeploymentType = template.DeploymentType,
        PriorityLevel = template.PriorityLevel,
        TimeoutSeconds = template.TimeoutSeconds,
        DeployedBy = by,
    };

    /// <summary>The rollout of a site's deployment.</summary>
    public static Rollout RolloutOf(Guid id, Guid stable, Guid modelId, SiteTemplate template, Guid? by) => new()
    {
        Id = id,
        StableDeploymentId = stable,
        CandidateModelId = modelId,
        Steps = template.Steps,
        Analysis = template.Analysis,
        PromotesItself = template.PromotesItself,
        ProgressDeadlineSeconds = template.ProgressDeadlineSeconds,
        KeepsWarmSeconds = template.KeepsWarmSeconds,
        CreatedBy = by,
    };

    /// <summary>The rows at their beginning.</summary>
    public static FleetRolloutState Begin(FleetRolloutWish wish, IReadOnlyList<PlannedSite> sites, int leftOut, DateTimeOffset now)
    {
        var byId = sites.ToDictionary(site => site.Facts.Hours.SiteId);
        var waves = WavePlan.Share(wish.Waves, [.. byId.Keys]);
        var row = new FleetRollout
        {
            Id = wish.Id,
            Name = wish.Name.Trim(),
            ModelId = wish.ModelId,
            Template = wish.Template,
            Waves = [.. waves.Select(wave => new Wave([.. wave]))],
            MaxConcurrentSites = wish.MaxConcurrentSites,
            SoakSeconds = wish.SoakSeconds,
            FailurePolicy = wish.FailurePolicy,
            AwaitsPerson = wish.AwaitsPerson,
            OnlyInWindows = wish.OnlyInWindows,
            CreatedBy = wish.CreatedBy,
            CreatedAt = now,
            UpdatedAt = now,
            Progress = WaveMachine.Start(now),
        };
        var what = $"{sites.Count} sites in {waves.Count} waves{(leftOut == 0 ? "" : $"; left out: {leftOut}")}.";
        return new()
        {
            Row = row with { Decisions = [new() { At = now, By = wish.CreatedBy, Why = what, Progress = row.Progress }] },
            Sites =
            [
                .. waves.Index()
                    .SelectMany(wave => wave.Item.Select(site => (wave.Index, site)))
                    .Select((pair, position) => byId[pair.site].ToRow(wish.Id, pair.Index, position, now)),
            ],
        };
    }

    /// <summary>The rows after they have come further.</summary>
    /// <param name="before">As they are stored.</param>
    /// <param name="after">What the machine says.</param>
    /// <param name="order">What was told; null: it followed from what was seen.</param>
    /// <param name="why">One sentence.</param>
    /// <param name="now">Now.</param>
    public static FleetRolloutState Advance(FleetRolloutState before, WaveState after, FleetRolloutOrder? order, string why, DateTimeOffset now)
    {
        var decided = order is not null || after.Progress != before.Row.Progress;
        var decision = new FleetRolloutDecision
        {
            At = now, By = order?.By, Command = order?.Command, SiteId = order?.SiteId, Why = why, Progress = after.Progress,
        };
        return new()
        {
            Row = before.Row with
            {
                Progress = after.Progress,
                IsSettled = WaveTransitions.IsFinal(after.Progress.Phase),
                Decisions = decided ? [.. before.Row.Decisions.TakeLast(MostDecisions - 1), decision] : before.Row.Decisions,
                UpdatedAt = now,
            },
            Sites = [.. after.Sites],
            Changed = [.. after.Sites.Zip(before.Sites).Where(pair => !ReferenceEquals(pair.First, pair.Second)).Select(pair => pair.First.Id)],
        };
    }

    private static Refusal? Sites(Guid[]? siteIds) => siteIds is null ? null
        : siteIds.Length is 0 or > MostSites
            ? Refusal.Invalid("site_ids", $"site_ids has {siteIds.Length} sites; from 1 to {MostSites} are possible.")
            : siteIds.Distinct().Count() == siteIds.Length ? null
            : Refusal.Invalid("site_ids", "site_ids names a site twice.");
}
