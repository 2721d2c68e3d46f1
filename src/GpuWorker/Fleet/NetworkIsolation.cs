using System.ComponentModel;
using System.Diagnostics;

namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>How a process is started without a network on this machine: util-linux' <c>unshare</c>, tried once per process.</summary>
internal static class NetworkIsolation
{
    private const string Unshare = "unshare";

    private static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(5);
    private static readonly Lazy<string[]> Found = new(Find);

    /// <summary>What is put before a command; empty where it cannot be done. The first call may block for some milliseconds.</summary>
    public static string[] Command() => Found.Value;

    private static string[] Find()
    {
        if (ChildConfinement.Find(Unshare) is not { } unshare)
        {
            return [];
        }

        string[] command = Environment.IsPrivilegedProcess
            ? [unshare, "--net", "--"]
            : [unshare, "--user", "--map-current-user", "--net", "--"];
        return Works(command) ? command : [];
    }

    private static bool Works(string[] command)
    {
        var info = new ProcessStartInfo(command[0]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in command.Skip(1).Append("true"))
        {
            info.ArgumentList.Add(argument);
        }

        try
        {
            using var trial = Process.Start(info)!;
            if (trial.WaitForExit(TrialLimit))
            {
                return trial.ExitCode == 0;
            }

            trial.Kill();
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
