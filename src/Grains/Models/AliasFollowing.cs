using Microsoft.Extensions.Logging;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Brings deployments to the version that their alias names.</summary>
internal sealed partial class AliasFollowing(IAliasFollowerReader followers, IGrainFactory grains, ILogger<AliasFollowing> logger)
{
    /// <summary>Deployments that are changed over at a time.</summary>
    private const int AtATime = 16;

    /// <summary>Changes over all that are behind; what fails is left for the next round.</summary>
    /// <param name="name">Of this model alone; null: of all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Deployments that were changed over, and why others were not.</returns>
    public async Task<(Guid[] Moved, string[] Warnings)> CatchUpAsync(string? name, CancellationToken cancellationToken)
    {
        List<Guid> moved = [];
        List<string> warnings = [];
        foreach (var some in (await followers.ReadBehindAsync(name, cancellationToken)).Chunk(AtATime))
        {
            var answers = await Task.WhenAll(some.Select(SwitchAsync));
            moved.AddRange(some.Where((_, i) => answers[i] is null).Select(follower => follower.DeploymentId));
            warnings.AddRange(answers.OfType<string>());
            cancellationToken.ThrowIfCancellationRequested();
        }

        return ([.. moved], [.. warnings]);
    }

    private async Task<string?> SwitchAsync(AliasFollower follower)
    {
        try
        {
            await grains.GetGrain<IDeploymentGrain>(follower.DeploymentId).SwitchModel(follower.ModelId);
            return null;
        }
        catch (Exception failure)
        {
            LogNotSwitched(failure, follower.DeploymentId, follower.ModelId);
            return failure is FleetRefusedException
                ? $"Deployment '{follower.DeploymentName}' stays as it is: {failure.Message}"
                : $"Deployment '{follower.DeploymentName}' could not be reached; it follows within a minute.";
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deployment {Deployment} did not take up model {Model}, which its alias names")]
    private partial void LogNotSwitched(Exception failure, Guid deployment, Guid model);
}
