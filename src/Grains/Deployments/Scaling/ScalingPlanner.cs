namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>Turns what is known into what is to be stored: first how many, then where. Pure but for ids of decisions.</summary>
internal static class ScalingPlanner
{
    /// <summary>What changes.</summary>
    /// <param name="known">Deployments that are placed, by id.</param>
    /// <param name="fleet">The workers.</param>
    /// <param name="options">Windows and limits.</param>
    /// <param name="starts">A deployment on demand that a request starts, or null.</param>
    /// <param name="now">The time of the decisions.</param>
    public static ScalingPlan Plan(
        IReadOnlyDictionary<Guid, ScheduledDeployment> known, FleetView fleet, ScalingOptions options, Guid? starts, DateTimeOffset now)
    {
        var scaled = known.ToDictionary(entry => entry.Key, entry => Decide(entry.Value, fleet, options, starts, now));
        var placed = PlacementPolicy.Place(
            [.. known.Values.Select(each => ClaimOf(each, scaled[each.Deployment.Id].Instances, now))],
            fleet.Workers,
            fleet.Loaded,
            spreads: known.Values.All(each => fleet.AllReady(each)));
        List<ScalingChange> changes = [];
        foreach (var (id, each) in known)
        {
            if (Change(each, scaled[id], placed, fleet, now) is { } change)
            {
                changes.Add(change);
            }
        }

        return new(changes);
    }

    private static AutoscalerDecision Decide(
        ScheduledDeployment each, FleetView fleet, ScalingOptions options, Guid? starts, DateTimeOffset now) =>
        each.Deployment.Id == starts && each.State.Wanted == 0
            ? new(each.Deployment.MinInstances, "A request came while it slept.", null)
            : AutoscalerPolicy.Decide(
                new()
                {
                    Deployment = each.Deployment,
                    Wanted = each.State.Wanted,
                    AllReady = fleet.AllReady(each),
                    Readings = each.Readings,
                    ChangedAt = each.State.ChangedAt,
                    LastUsedAt = each.LastUsedAt,
                },
                options,
                now);

    private static InstanceClaim ClaimOf(ScheduledDeployment each, int wanted, DateTimeOffset now) => new()
    {
        DeploymentId = each.Deployment.Id,
        Name = each.Deployment.Name,
        ModelId = each.Deployment.ModelId,
        Priority = each.Deployment.Priority,
        Need = each.Deployment.Need,
        Wanted = wanted,
        Workers = each.State.Workers,
        KeepsOne = !each.Deployment.IsOnDemand,
        Avoids = each.Avoids(now),
    };

    private static ScalingChange? Change(
        ScheduledDeployment each, AutoscalerDecision scaled, PlacementPlan placed, FleetView fleet, DateTimeOffset now)
    {
        var (id, before) = (each.Deployment.Id, each.State);
        string[] workers = [.. placed.Workers[id].Select(worker => worker.Silo).Order(StringComparer.Ordinal)];
        var refusal = placed.Refusals.GetValueOrDefault(id);
        var moved = !workers.SequenceEqual(before.Workers);
        if (!moved && scaled.Instances == before.Wanted && (refusal is null) == (before.Refusal is null))
        {
            return null;
        }

        var displaced = placed.Displacements.Where(displacement => displacement.Whom.DeploymentId == id).ToArray();
        var reason = ScalingReason.Of(before.Workers, workers, scaled.Reason, displaced, refusal, fleet.NameOf, fleet.IsUp, each.Avoids(now));
        return new(
            before with
            {
                Wanted = scaled.Instances,
                Workers = workers,
                Refusal = refusal,
                ChangedAt = moved || scaled.Instances != before.Wanted ? now : before.ChangedAt,
            },
            new()
            {
                Id = Guid.CreateVersion7(now),
                DeploymentId = id,
                DecidedAt = now,
                FromInstances = before.Workers.Length,
                ToInstances = workers.Length,
                Wanted = scaled.Instances,
                Reason = reason,
                UtilizationPercent = scaled.Measured?.UtilizationPercent,
                QueueAgeMilliseconds = scaled.Measured?.QueueAgeMilliseconds,
                Workers = [.. workers.Select(fleet.NameOf)],
            },
            [.. displaced.Select(displacement => displacement.Where.Silo)]);
    }
}

/// <summary>The workers, as far as the scheduler knows them.</summary>
/// <param name="Workers">Those that are up.</param>
/// <param name="Ready">Models that each of them has loaded.</param>
/// <param name="Loaded">Models on workers that the scheduler did not put there, and what they take.</param>
/// <param name="NameOf">A silo's name.</param>
internal sealed record FleetView(
    IReadOnlyList<WorkerCapacity> Workers,
    IReadOnlySet<(string Silo, Guid Model)> Ready,
    IReadOnlyCollection<(string Silo, Guid ModelId, InstanceNeed Need)> Loaded,
    Func<string, string> NameOf)
{
    /// <summary>Whether a worker is up.</summary>
    public bool IsUp(string silo) => Workers.Any(worker => worker.Silo == silo);

    /// <summary>Whether every worker that holds it has it loaded.</summary>
    public bool AllReady(ScheduledDeployment each) =>
        each.State.Workers.All(silo => Ready.Contains((silo, each.Deployment.ModelId)));
}

/// <summary>What is to be stored.</summary>
internal sealed record ScalingPlan(IReadOnlyList<ScalingChange> Changes);

/// <summary>A deployment's new state, the decision that says why, and workers on which another one needs the room.</summary>
internal sealed record ScalingChange(ScalingState State, ScalingDecision Decision, string[] MustGo);
