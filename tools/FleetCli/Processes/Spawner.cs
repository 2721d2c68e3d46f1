using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansAiFleet.FleetCli.Processes;

/// <summary>
/// Starts processes that end with this one, however it ends. The kernel ties that promise to the thread that started
/// them, so one thread lives as long as the spawner and starts them all.
/// </summary>
internal sealed class Spawner : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public Spawner()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "spawner" };
        _thread.Start();
    }

    /// <summary>
    /// Starts a program in a session of its own (Ctrl-C in the terminal is for this process alone), with
    /// <paramref name="deathSignal"/> sent to it when this process dies.
    /// </summary>
    /// <exception cref="FleetCliException">It cannot be started.</exception>
    public async Task<Process> StartAsync(ProcessStartInfo program, string deathSignal)
    {
        var start = new ProcessStartInfo("setpriv")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = program.WorkingDirectory,
        };
        foreach (var argument in (string[])["--pdeathsig", deathSignal, "setsid", program.FileName, .. program.ArgumentList])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in program.Environment)
        {
            start.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (System.ComponentModel.Win32Exception failure)
            {
                started.SetException(new FleetCliException($"{program.FileName} cannot be started: {failure.Message}", failure));
            }
        });
        return await started.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Work()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
