using Microsoft.Extensions.Options;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Storage.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Deployments.Destinations;

/// <summary>
/// Sends what waits for one destination, message after message, as long as its lease holds and all goes well. The next message is not
/// read before the one before it is noted as delivered: that is what keeps the order.
/// </summary>
internal sealed partial class DestinationRun(
    DestinationTargets targets,
    DetectionOutbox outbox,
    DestinationLeases leases,
    DestinationSenders senders,
    IDestinationSecrets secrets,
    DestinationMeter meter,
    IOptions<DestinationOptions> options,
    TimeProvider time,
    ILogger<DestinationRun> logger)
{
    private readonly DestinationOptions _options = options.Value;

    /// <summary>Sends until nothing is due, something fails, or somebody else has the destination.</summary>
    public async Task SendAllAsync(DestinationLease lease, CancellationToken cancellationToken)
    {
        var held = lease;
        while (await SendNextAsync(held, cancellationToken))
        {
            held = held with { HeadUntil = null, Failures = 0, Refusals = 0 };
        }
    }

    // Whether there is more to do, and it may be done.
    private async Task<bool> SendNextAsync(DestinationLease lease, CancellationToken cancellationToken)
    {
        // A try and its note must end while the lease lasts; whoever waited longer for the database has lost it.
        using var limit = new CancellationTokenSource(_options.Lease, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var token = either.Token;
        var head = await outbox.ReadAsync(lease, token);
        if (!head.IsDue(lease))
        {
            await leases.ReleaseAsync(lease, token);
            return false;
        }

        var target = await targets.FindAsync(lease.DeploymentId, lease.Name, token);
        if (target is null || target.Type.IsTrial())
        {
            var words = target is null ? "The deployment has no such destination any more." : "The deployment is a trial.";
            await BuryAsync(lease, head.Frames, words, TimeSpan.Zero);
            return false;
        }

        OutboxFrame[] full = [.. head.Frames.Where(frame => frame.Detections.Count > 0)];
        var result = full.Length == 0
            ? SendResult.Delivered("There was nothing left to send.")
            : await TryAsync(lease, target, full, token);
        return result.Outcome switch
        {
            SendOutcome.Delivered => await NoteAsync(lease, head.Frames, full.Length),
            SendOutcome.Sorted => await SortAsync(lease, head.Frames, [.. full.Zip(result.Fates)], result.RetryAfter ?? TimeSpan.Zero),
            _ => await GiveBackAsync(lease, head.Frames, result),
        };
    }

    // Each frame goes its own way; the receiver answered, so that nothing of it is a failure.
    private async Task<bool> SortAsync(
        DestinationLease lease, IReadOnlyList<OutboxFrame> frames, (OutboxFrame Frame, FrameFate Fate)[] fates, TimeSpan pause)
    {
        OutboxFrame[] Of(FateKind kind) => [.. fates.Where(each => each.Fate.Kind == kind).Select(each => each.Frame)];

        var delivered = Of(FateKind.Delivered);
        OutboxFrame[] done = [.. frames.Where(frame => frame.Detections.Count == 0), .. Of(FateKind.Pointless), .. delivered];
        var isHeld = await NoteAsync(lease, done, delivered.Length);
        if (done.Length == frames.Count)
        {
            return isHeld;
        }

        var dead = fates.Where(each => each.Fate.Kind == FateKind.Dead).Select(each => (each.Frame, Reason: each.Fate.Words)).ToArray();
        var waits = fates.FirstOrDefault(each => each.Fate.Kind == FateKind.Waits).Fate;
        await outbox.SetAsideAsync(lease, dead, waits?.Words, waits is null ? TimeSpan.Zero : pause, CancellationToken.None);
        foreach (var same in dead.GroupBy(each => each.Reason))
        {
            meter.Dead(lease.DeploymentId, lease.Name, same.Count());
            LogDead(same.Count(), lease.Name, lease.DeploymentId, same.Key);
        }

        return false;
    }

    // Noted even while the silo stops: what was sent would be sent a second time.
    private async Task<bool> NoteAsync(DestinationLease lease, IReadOnlyList<OutboxFrame> frames, int sent)
    {
        var isHeld = await outbox.DeliveredAsync(lease, frames, frames.Count - sent, _options.Lease, CancellationToken.None);
        meter.Delivered(lease, sent);
        meter.Discarded(frames.Count - sent);
        if (lease.Failures > 0)
        {
            LogRecovered(lease.Name, lease.DeploymentId, lease.Failures);
        }

        return isHeld;
    }

    private async Task<bool> GiveBackAsync(DestinationLease lease, IReadOnlyList<OutboxFrame> frames, SendResult result)
    {
        meter.Failed(lease, result.Reason);
        var isRefusal = result.Outcome == SendOutcome.Refused;
        var delay = DeliveryPolicy.Backoff(lease.Failures + 1, result.RetryAfter, _options, Random.Shared.NextDouble());
        if (lease.Failures == 0 || lease.Failures + 1 == _options.CircuitFailures)
        {
            LogFailed(lease.Name, lease.DeploymentId, result.Words, lease.Failures + 1);
        }

        if (isRefusal && DeliveryPolicy.IsGivenUp(lease.Refusals + 1, _options))
        {
            await BuryAsync(lease, frames, result.Words, delay);
        }
        else
        {
            await outbox.FailedAsync(lease, frames[^1].Id, isRefusal, result.Words, delay, CancellationToken.None);
        }

        return false;
    }

    private async Task BuryAsync(DestinationLease lease, IReadOnlyList<OutboxFrame> frames, string words, TimeSpan delay)
    {
        await outbox.BuryAsync(lease, frames, words, delay, CancellationToken.None);
        meter.Dead(lease.DeploymentId, lease.Name, frames.Count);
        LogDead(frames.Count, lease.Name, lease.DeploymentId, words);
    }

    private async Task<SendResult> TryAsync(
        DestinationLease lease, DestinationTarget target, IEnumerable<OutboxFrame> frames, CancellationToken cancellationToken)
    {
        OutputDestination opened;
        try
        {
            opened = target.Destination.WithSecrets(secret => secrets.Unprotect(target.SiteId, secret));
        }
        catch (FleetRefusedException refused)
        {
            return SendResult.Unavailable("secret", refused.Message);
        }

        try
        {
            return await senders.SendAsync(opened, MessageOf(lease, frames), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // What no sender reckons with must be seen by people too, and must not stop the silo's other destinations.
            LogUnexpected(lease.Name, lease.DeploymentId, failure);
            return SendResult.Unavailable("unexpected", $"Sending failed: {failure.GetBaseException().Message}");
        }
    }

    private static Delivery MessageOf(DestinationLease lease, IEnumerable<OutboxFrame> frames) => new()
    {
        DeploymentId = lease.DeploymentId,
        Destination = lease.Name,
        Frames = [.. frames.Select(frame => DeliveredFrame.Of(lease.Name, frame.Detections))],
    };

    [LoggerMessage(LogLevel.Warning, "Destination {Destination} of deployment {Deployment}: {Reason} Failure {Failures} in a row; it is tried again")]
    private partial void LogFailed(string destination, Guid deployment, string reason, int failures);

    [LoggerMessage(LogLevel.Error, "Destination {Destination} of deployment {Deployment}: sending failed in a way that nobody reckoned with")]
    private partial void LogUnexpected(string destination, Guid deployment, Exception failure);

    [LoggerMessage(LogLevel.Information, "Destination {Destination} of deployment {Deployment}: takes messages again after {Failures} failures")]
    private partial void LogRecovered(string destination, Guid deployment, int failures);

    [LoggerMessage(LogLevel.Error, "{Frames} frames for destination {Destination} of deployment {Deployment} are dead letters now: {Reason}")]
    private partial void LogDead(int frames, string destination, Guid deployment, string reason);
}
