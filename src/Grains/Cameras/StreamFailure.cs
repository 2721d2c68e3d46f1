using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Cameras;

/// <summary>Says in words for an operator why a call to a camera's stream failed. Pure.</summary>
internal static class StreamFailure
{
    public const string NoWorker = "no worker is up";

    public const string Silent = "its worker does not answer";

    /// <summary>The problem of a camera. Never a foreign exception's message: it might quote a source with its credentials.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        _ when IsNoWorker(failure) => NoWorker,
        FleetRefusedException refused => refused.Message,
        TimeoutException or SiloUnavailableException or OrleansMessageRejectionException => Silent,
        _ => $"its worker could not start it ({failure.GetType().Name})",
    };

    /// <summary>No silo of the cluster can run a stream.</summary>
    /// <remarks>
    /// Where the type is in no manifest, making the reference fails with <see cref="ArgumentException"/>; where it was
    /// until a moment ago, placement fails with a plain <see cref="OrleansException"/>.
    /// </remarks>
    public static bool IsNoWorker(Exception failure) =>
        failure is ArgumentException || failure.GetType() == typeof(OrleansException);
}
