using System.Diagnostics;
using System.Runtime.InteropServices;

using OrleansAiFleet.FleetCli.Processes;
using OrleansAiFleet.FleetCli.Samples;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary><c>./fleet demo</c>: a rollout on real cameras, from its beginning to its end, in words.</summary>
internal static class DemoCommand
{
    /// <summary>Runs one demo in the fleet that runs, or in one that it starts and stops.</summary>
    /// <returns>0 where it ended as it should.</returns>
    public static async Task<int> RunAsync(FleetSettings settings, ReadOnlyMemory<string> arguments)
    {
        var demo = Parse(arguments.Span);
        using var stop = new CancellationTokenSource();
        using var interrupt = StopSignals.On(PosixSignal.SIGINT, stop);
        using var terminate = StopSignals.On(PosixSignal.SIGTERM, stop);
        if (FleetState.ReadRunning(settings) is not null)
        {
            return await ShowAsync(settings, demo, stop.Token);
        }

        Ports.RequireFree(Ports.Of(settings, workers: 1));
        await using var fleet = new RunningFleet(settings, Tell);
        await fleet.StartAsync(workers: 1, stop.Token);
        return await ShowAsync(settings, demo, stop.Token);
    }

    private static async Task<int> ShowAsync(FleetSettings settings, CanaryTrial demo, CancellationToken cancellationToken)
    {
        using var api = new FleetApi(settings);
        await new SampleFleet(api, settings).RegisterAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var isAsExpected = await new CanaryDemo(api, settings, demo, Tell).RunAsync(cancellationToken);
        Tell($"{(isAsExpected ? "as it should be" : "not as it should be")}, after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        return isAsExpected ? 0 : 1;
    }

    private static CanaryTrial Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        ["canary-bad"] => CanaryTrial.Bad,
        ["canary-good"] => CanaryTrial.Good,
        _ => throw new FleetCliException("./fleet demo canary-bad or ./fleet demo canary-good"),
    };

    private static void Tell(string message) => Console.WriteLine($"fleet: {message}");
}
