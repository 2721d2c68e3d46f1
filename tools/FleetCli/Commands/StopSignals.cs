using System.Runtime.InteropServices;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary>Signals that end what runs until it is told to.</summary>
internal static class StopSignals
{
    /// <summary>Cancels on a signal instead of ending the process.</summary>
    public static PosixSignalRegistration On(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
