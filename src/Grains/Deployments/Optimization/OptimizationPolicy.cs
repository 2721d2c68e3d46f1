using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>What a search must look like to be begun, where it begins, and what applying its proposal changes. Pure.</summary>
internal static class OptimizationPolicy
{
    private const int MostIntervals = 8;

    /// <summary>What is wrong with it by itself, or null.</summary>
    public static Refusal? Judge(Guid key, PerformanceOptimization search)
    {
        var wish = search.Wish;
        return Refusal.First(
            Field.Key(key, search.Id),
            Field.Real("latency_target_milliseconds", wish.LatencyTargetMilliseconds, 1, 60_000),
            Field.Named("goal", wish.Goal),
            Field.Real("minimum_agreement", wish.MinimumAgreement, 0.5, 1),
            Field.Whole("frames", wish.Frames, 20, 1_000),
            wish.Intervals is { Length: <= MostIntervals }
                ? wish.Intervals.Select((seconds, i) => Field.Whole($"intervals[{i}]", seconds, 0, DeploymentPolicy.LongestInterval))
                    .FirstOrDefault(refusal => refusal is not null)
                : Refusal.Invalid("intervals", $"intervals is a list of at most {MostIntervals} numbers of seconds; leave it out to keep the one of now."));
    }

    /// <summary>Whether both ask for the same, however far it is.</summary>
    public static bool Same(PerformanceOptimization left, PerformanceOptimization right) =>
        left.DeploymentId == right.DeploymentId && JsonText.From(left.Wish) == JsonText.From(right.Wish);

    /// <summary>Why a deployment cannot be searched for now, or null.</summary>
    public static Refusal? Judge(Deployment deployment, Guid? rollout) => Refusal.First(
        deployment.DeploymentStatus == DeploymentStatus.Active
            ? null
            : Conflict(deployment, $"is {deployment.DeploymentStatus}: only one that is active has frames to measure on."),
        deployment.DeploymentStrategy == DeploymentStrategy.OnDemand
            ? Conflict(deployment, "is on demand: it looks at no camera, and there are no frames to measure on.")
            : null,
        rollout is { } id
            ? Conflict(deployment, $"is in rollout {id:D}: what is measured there must not be disturbed. Ask again when it is over.")
            : null);

    /// <summary>The settings that a deployment has now.</summary>
    /// <exception cref="JsonException">One of its pipelines cannot be read.</exception>
    public static TrialConfiguration Of(Deployment deployment, AiModel model, int instances)
    {
        var configuration = DeploymentPipeline.Of(model, deployment).Configuration;
        return new()
        {
            Instances = instances,
            BatchSize = deployment.BatchSize,
            Width = configuration.InputWidth ?? model.InputResolutionWidth ?? 0,
            Height = configuration.InputHeight ?? model.InputResolutionHeight ?? 0,
            IntervalSeconds = deployment.ProcessingIntervalSeconds,
        };
    }

    /// <summary>The model as a deployment would run it with other settings.</summary>
    public static ModelReference ToModel(ModelReference now, TrialConfiguration current, TrialConfiguration configuration) =>
        (configuration.Width, configuration.Height) == (current.Width, current.Height) ? now : now with
        {
            Configuration = now.Configuration with { InputWidth = configuration.Width, InputHeight = configuration.Height },
        };

    /// <summary>The columns that a proposal changes, for <see cref="IDeploymentGrain.Edit"/>.</summary>
    public static JsonText Columns(Deployment deployment, TrialConfiguration current, TrialConfiguration proposed)
    {
        var fields = new JsonObject
        {
            ["batch_size"] = proposed.BatchSize,
            ["processing_interval_seconds"] = proposed.IntervalSeconds,
        };
        if ((proposed.Width, proposed.Height) != (current.Width, current.Height))
        {
            var own = deployment.PreprocessingPipeline?.To<PreprocessingPipeline>() ?? new();
            fields["preprocessing_pipeline"] = JsonSerializer.SerializeToNode(
                own with { InputWidth = proposed.Width, InputHeight = proposed.Height }, FleetJson.Options);
        }

        if (deployment.AutoScalingEnabled && proposed.Instances != current.Instances)
        {
            // At least as many as were found to do; the load may still ask for more.
            fields["min_instances"] = proposed.Instances;
            fields["max_instances"] = Math.Max(proposed.Instances, deployment.MaxInstances);
        }

        return new(fields.ToJsonString());
    }

    /// <summary>Where a deployment's cameras run; null where none does.</summary>
    public static TrialPlace? Place(Guid deployment, IEnumerable<CameraStatus> cameras)
    {
        CameraStatus[] live = [.. cameras.Where(camera => camera.State == StreamState.Running && camera.Live.Contains(deployment))];
        var silos = live.GroupBy(camera => camera.Silo)
            .OrderByDescending(silo => silo.Count()).ThenBy(silo => silo.Key, StringComparer.Ordinal).ToArray();
        return silos is [var most, ..] ? new(most.Key, most.Count(), live.Length, silos.Length) : null;
    }

    private static Refusal Conflict(Deployment deployment, string why) =>
        Refusal.Conflict("deployment_id", $"Deployment {deployment.Id:D} {why}");
}

/// <summary>Where settings are tried.</summary>
/// <param name="Silo">The worker with most of the deployment's cameras: its parsable address.</param>
/// <param name="Here">Cameras that it has.</param>
/// <param name="All">Cameras that there are.</param>
/// <param name="Workers">Workers that have some.</param>
internal sealed record TrialPlace(string Silo, int Here, int All, int Workers);
