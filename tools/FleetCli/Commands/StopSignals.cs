using System.Runtime.InteropServices;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary>What commands that run a fleet have in common.</summary>
internal static class StopSignals
{
    /// <summary>Cancels on a signal instead of ending the process.</summary>
    public static PosixSignalRegistration On(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });

    /// <summary>The folder of the logs, for its owner alone.</summary>
    public static void MakeLogFolder(FleetSettings settings)
    {
        Directory.CreateDirectory(settings.LogFolder);
        File.SetUnixFileMode(settings.LogFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
