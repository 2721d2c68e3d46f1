using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>How a search goes on. Pure.</summary>
internal static class OptimizationMachine
{
    // A worker that cannot be measured on five times in a row will not be the sixth time.
    private const int MostSetbacks = 5;

    /// <summary>The row at its beginning.</summary>
    public static PerformanceOptimization Start(
        PerformanceOptimization asked, Deployment deployment, TrialConfiguration current, SearchBounds bounds, DateTimeOffset now) => new()
    {
        Id = asked.Id,
        SiteId = deployment.SiteId,
        DeploymentId = deployment.Id,
        ModelId = deployment.ModelId,
        Wish = asked.Wish,
        Progress = new()
        {
            Phase = OptimizationPhase.Searching,
            Since = now,
            Reason = $"Begins from {OptimizationText.Of(current)}.",
            Current = current,
            Bounds = bounds,
        },
        CreatedBy = asked.CreatedBy,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>Takes in what was measured.</summary>
    public static PerformanceOptimization Take(PerformanceOptimization search, ConfigurationMeasurement measured, DateTimeOffset now)
    {
        if (measured.Fault is TrialFault.Busy)
        {
            return search;
        }

        if (measured.Fault is TrialFault.WorkerLost or TrialFault.NoFrames)
        {
            var setbacks = search.Standing.Setbacks + 1;
            return setbacks < MostSetbacks
                ? search with { Standing = search.Standing with { Setbacks = setbacks } }
                : Fail(search, $"It could not be measured on: {measured.FaultReason}", now);
        }

        // One worker is not like another: what is compared is measured on one.
        var before = search.Standing.Measurements.All(each => each.Worker == measured.Worker) ? search.Standing.Measurements : [];
        var next = search with { Standing = new() { Measurements = [.. before, measured] } };
        return before.Length == 0 && measured.Configuration == search.Progress.Current && measured.Fault is not null
            ? Fail(next, $"The settings of now could not be measured: {measured.FaultReason}", now)
            : next;
    }

    /// <summary>Ends it with what was found.</summary>
    public static PerformanceOptimization Conclude(PerformanceOptimization search, DateTimeOffset now)
    {
        if (OptimizationSearch.Propose(search) is not { } proposal)
        {
            return End(search, OptimizationPhase.NothingToGain, OptimizationText.OfNothing(search), now);
        }

        var proposed = search with { Progress = search.Progress with { Proposal = proposal } };
        return End(proposed, OptimizationPhase.Proposed, OptimizationText.Of(proposal), now);
    }

    /// <summary>It cannot go on.</summary>
    public static PerformanceOptimization Fail(PerformanceOptimization search, string why, DateTimeOffset now) =>
        End(search, OptimizationPhase.Failed, why, now);

    /// <summary>A person ends it.</summary>
    /// <exception cref="FleetRefusedException">It is over.</exception>
    public static PerformanceOptimization Cancel(PerformanceOptimization search, Guid? by, DateTimeOffset now) =>
        search.Progress.Phase == OptimizationPhase.Searching
            ? Signed(End(search, OptimizationPhase.Cancelled, "Cancelled.", now), by)
            : throw Refusal.Conflict(null, $"Search {search.Id:D} is over: {search.Progress.Phase}.").ToException();

    /// <summary>A person had it applied.</summary>
    public static PerformanceOptimization Apply(PerformanceOptimization search, Guid? by, DateTimeOffset now) =>
        Signed(End(search, OptimizationPhase.Applied, search.Progress.Reason, now), by);

    private static PerformanceOptimization End(PerformanceOptimization search, OptimizationPhase phase, string why, DateTimeOffset now) =>
        search with { Progress = search.Progress with { Phase = phase, Reason = why, Since = now }, IsSettled = true };

    private static PerformanceOptimization Signed(PerformanceOptimization search, Guid? by) =>
        search with { Progress = search.Progress with { EndedBy = by } };
}
