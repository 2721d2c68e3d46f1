using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Storage.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Deployments.Destinations;

/// <summary>What came of a test message.</summary>
/// <param name="Delivered">The receiver has it.</param>
/// <param name="Detail">In words.</param>
/// <param name="Answer">Beginning of what the receiver answered, where it said anything.</param>
public sealed record DestinationTest(bool Delivered, string Detail, string? Answer);

/// <summary>Tries a destination out: one message that is about nothing that was seen, past the queue and once.</summary>
internal sealed class DestinationTrial(DestinationTargets targets, DestinationSenders senders, IDestinationSecrets secrets, TimeProvider time)
{
    /// <exception cref="FleetRefusedException">There is no such destination, or its secret cannot be decrypted.</exception>
    public async Task<DestinationTest> RunAsync(Guid deploymentId, string name, CancellationToken cancellationToken)
    {
        var target = await targets.FindAsync(deploymentId, name, cancellationToken)
            ?? throw new FleetRefusedException(RefusalKind.NotFound, null, $"Deployment {deploymentId:D} has no destination {name}.");
        var destination = target.Destination.WithSecrets(secret => secrets.Unprotect(target.SiteId, secret));
        var delivery = new Delivery
        {
            DeploymentId = deploymentId,
            Destination = name,
            IsTest = true,
            Frames = [new() { Id = Guid.NewGuid(), CameraId = Guid.Empty, SiteId = target.SiteId, FrameTime = time.GetUtcNow(), Detections = [] }],
        };
        var result = await senders.SendAsync(destination, delivery, cancellationToken);
        return new(result.Outcome == SendOutcome.Delivered, result.Words, result.Answer);
    }
}
