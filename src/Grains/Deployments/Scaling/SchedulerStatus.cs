namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>What the scheduler says of a deployment. Pure.</summary>
internal static class SchedulerStatus
{
    /// <summary>One that it places.</summary>
    public static ScalingStatus Of(ScheduledDeployment each, FleetView fleet)
    {
        var last = each.Readings.Count > 0 ? each.Readings[^1] : null;
        return new()
        {
            DeploymentId = each.Deployment.Id,
            IsScheduled = true,
            Wanted = each.State.Wanted,
            Instances =
            [
                .. each.State.Workers.Select(silo => new InstanceStatus
                {
                    Worker = fleet.NameOf(silo), Silo = silo, State = IsReady(each, silo, fleet) ? InstanceState.Ready : InstanceState.Loading,
                }),
                .. each.LeavingWorkers.Select(silo => new InstanceStatus { Worker = fleet.NameOf(silo), Silo = silo, State = InstanceState.Leaving }),
            ],
            Refusal = each.State.Refusal,
            IsAsleep = each.Deployment.IsOnDemand && each.State.Wanted == 0,
            UtilizationPercent = last?.UtilizationPercent,
            QueueAgeMilliseconds = last?.QueueAgeMilliseconds,
            ChangedAt = each.State.Revision > 0 ? each.State.ChangedAt : null,
        };
    }

    /// <summary>One that it does not place: workers that have its version loaded because they need it.</summary>
    public static ScalingStatus Of(Guid deploymentId, IEnumerable<ScaledDeployment> all, FleetView fleet)
    {
        var model = all.FirstOrDefault(deployment => deployment.Id == deploymentId)?.ModelId;
        InstanceStatus[] instances =
        [
            .. fleet.Workers.Where(worker => model is { } id && fleet.Ready.Contains((worker.Silo, id)))
                .Select(worker => new InstanceStatus { Worker = worker.Name, Silo = worker.Silo, State = InstanceState.Ready }),
        ];
        return new() { DeploymentId = deploymentId, Wanted = instances.Length, Instances = instances };
    }

    /// <summary>How many there are, for the metric.</summary>
    public static (Guid Deployment, int Wanted, int Ready, int Loading) Count(ScheduledDeployment each, FleetView fleet)
    {
        var ready = each.State.Workers.Count(silo => IsReady(each, silo, fleet));
        return (each.Deployment.Id, each.State.Wanted, ready, each.State.Workers.Length - ready);
    }

    /// <summary>The decision about one that is placed nowhere any more.</summary>
    public static ScalingDecision Release(ScalingState state, bool isInRollout, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        DeploymentId = state.DeploymentId,
        DecidedAt = now,
        FromInstances = state.Workers.Length,
        Reason = isInRollout
            ? "It is in a rollout: while versions are compared, each worker holds both that a camera there needs, and none has the longer way."
            : "It is active no more, or not scaled any more: workers hold its model for as long as they need it.",
    };

    private static bool IsReady(ScheduledDeployment each, string silo, FleetView fleet) => fleet.Ready.Contains((silo, each.Deployment.ModelId));
}
