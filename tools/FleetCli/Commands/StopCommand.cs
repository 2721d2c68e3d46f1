using System.Diagnostics;
using System.Runtime.InteropServices;

using OrleansAiFleet.FleetCli.Processes;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary><c>./fleet stop</c>: ends a fleet that was started elsewhere, and waits until it is gone.</summary>
internal static partial class StopCommand
{
    private const int Terminate = 15;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Returns 0 when the fleet is gone or was not there.</summary>
    public static async Task<int> RunAsync(FleetSettings settings)
    {
        if (FleetState.ReadRunning(settings) is not { } state)
        {
            Console.WriteLine("fleet: nothing runs here");
            return 0;
        }

        _ = Signal(state.Owner.Id, Terminate);
        ProcessIdentity[] all = [state.Owner, .. state.Processes.Select(process => process.Process)];
        var started = Stopwatch.GetTimestamp();
        while (all.Any(process => process.IsAlive()))
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new FleetCliException($"process {all.First(process => process.IsAlive()).Id} does not end.");
            }

            await Task.Delay(100);
        }

        Console.WriteLine($"fleet: stopped in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
