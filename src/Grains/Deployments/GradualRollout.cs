using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Deployments;

/// <summary>The rollout that a deployment with the strategy gradual is brought to work by. Pure.</summary>
internal static class GradualRollout
{
    private const string Previous = "previous_deployment_id";
    private const int PauseSeconds = 600;
    private const int BlueGreenWarmSeconds = 3600;

    /// <summary>Steps of weight with time to measure in each; for blue and green everything is looked at unseen, and switched at once.</summary>
    public static Rollout Of(Deployment deployment) => new()
    {
        Id = deployment.Id,
        StableDeploymentId = deployment.PreviousDeploymentId!.Value,
        CandidateModelId = deployment.ModelId,
        Steps = deployment.DeploymentType == DeploymentType.BlueGreen
            ? [Shadow(100), Pause]
            : [Weight(10), Pause, Weight(25), Pause, Weight(50), Pause],
        KeepsWarmSeconds = deployment.DeploymentType == DeploymentType.BlueGreen ? BlueGreenWarmSeconds : new Rollout().KeepsWarmSeconds,
        CreatedBy = deployment.DeployedBy,
    };

    /// <summary>What is wrong with it by itself, or null.</summary>
    public static Refusal? Judge(Deployment deployment) => deployment.PreviousDeploymentId switch
    {
        null when deployment.DeploymentStrategy == DeploymentStrategy.Gradual => Refusal.Invalid(
            Previous, "The strategy gradual goes over from a deployment that looks at the cameras now: name it, or take the strategy immediate."),
        { } previous when previous == deployment.Id => Refusal.Invalid(Previous, "No deployment follows itself."),
        _ => null,
    };

    /// <summary>What is wrong with it given the deployment before it, or null.</summary>
    public static Refusal? Judge(Deployment deployment, Deployment? before)
    {
        if (before is null)
        {
            return Refusal.NotFound(Previous, $"There is no deployment {deployment.PreviousDeploymentId:D}.");
        }

        if (before.SiteId != deployment.SiteId)
        {
            return Refusal.Invalid(Previous, $"Deployment '{before.DeploymentName}' is at work on another site.");
        }

        return deployment.DeploymentStrategy != DeploymentStrategy.Gradual || AreSame(deployment.InputSources, before.InputSources)
            ? null
            : Refusal.Invalid("input_sources", $"The cameras must be those of deployment '{before.DeploymentName}', which it goes over from.");
    }

    private static bool AreSame(Guid[]? left, Guid[]? right) =>
        left is null || right is null ? left == right : left.ToHashSet().SetEquals(right);

    private static RolloutStep Pause => new() { Kind = RolloutStepKind.Pause, DurationSeconds = PauseSeconds };

    private static RolloutStep Weight(int percent) => new() { Kind = RolloutStepKind.SetWeight, Weight = percent };

    private static RolloutStep Shadow(int percent) => new() { Kind = RolloutStepKind.Shadow, Weight = percent };
}
