using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>Sends to destinations of one kind.</summary>
public interface IDestinationSender
{
    /// <summary>Whether it is the kind of this destination.</summary>
    bool Sends(OutputDestination destination);

    /// <summary>Tries once.</summary>
    /// <param name="destination">Where to, secrets open.</param>
    /// <param name="delivery">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What came of it: a failure of the receiver is no exception.</returns>
    /// <exception cref="OperationCanceledException">It was given up; whether the receiver has it is not known.</exception>
    Task<SendResult> SendAsync(OutputDestination destination, Delivery delivery, CancellationToken cancellationToken);
}
