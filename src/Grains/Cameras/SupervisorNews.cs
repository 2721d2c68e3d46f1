using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Cameras;

/// <summary>Tells the camera supervisor that rows have changed of which plans are made.</summary>
internal static partial class SupervisorNews
{
    /// <summary>Has it read the rows now. Where that fails it reads them by itself a few seconds later.</summary>
    /// <param name="grains">Where it is.</param>
    /// <param name="logger">Takes a failure.</param>
    /// <param name="about">What changed, for the log: <c>deployment</c>.</param>
    /// <param name="id">Which.</param>
    public static async Task TellSupervisor(this IGrainFactory grains, ILogger logger, string about, Guid id)
    {
        try
        {
            await grains.GetGrain<ICameraSupervisorGrain>(0).Refresh();
        }
        catch (Exception failure)
        {
            LogNotTold(logger, failure, about, id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The camera supervisor was not told of {About} {Id}; it will read it at its next round")]
    private static partial void LogNotTold(ILogger logger, Exception failure, string about, Guid id);
}
