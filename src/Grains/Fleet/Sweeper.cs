using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Fleet;

/// <summary>
/// Has grains look after what their rows say is not over yet: each goes on whatever silo it was on before. One that fails keeps nobody
/// else waiting, and is looked at again at the next turn.
/// </summary>
/// <param name="what">What each of them is, for logs: <c>rollout</c>.</param>
/// <param name="atATime">How many are looked at beside each other.</param>
/// <param name="period">Time between two turns.</param>
/// <param name="time">The clock of the grains.</param>
/// <param name="lifetime">Of the host.</param>
/// <param name="logger">Where failures go.</param>
internal abstract partial class Sweeper(
    string what, int atATime, TimeSpan period, TimeProvider time, IHostApplicationLifetime lifetime, ILogger logger)
    : ControlLoop(period, time, lifetime, logger)
{
    protected override string Purpose => $"looking after each {what}";

    /// <summary>Those that have to be looked at now.</summary>
    protected abstract Task<IReadOnlyList<Guid>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Has one look after itself.</summary>
    protected abstract Task LookAsync(Guid id);

    protected override async Task Step(CancellationToken cancellationToken) => await Parallel.ForEachAsync(
        await ReadAsync(cancellationToken),
        new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = cancellationToken },
        async (id, _) => await TryLookAsync(id));

    private async Task TryLookAsync(Guid id)
    {
        try
        {
            await LookAsync(id);
        }
        catch (Exception failure)
        {
            LogNotLooked(Logger, failure, what, id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A {What} could not be looked after; it is again in a moment: {Id}")]
    private static partial void LogNotLooked(ILogger logger, Exception failure, string what, Guid id);
}
