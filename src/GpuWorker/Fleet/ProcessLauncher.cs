using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

using OrleansAiFleet.GpuWorker.Metrics;

namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>Starts child processes that die with this process, however it ends.</summary>
/// <remarks>
/// Linux sends a child its parent-death signal when the <i>thread</i> that forked it ends, so all are forked by one
/// thread that lives as long as the launcher. Children are killed when they are disposed of; the signal is for the day
/// when nobody gets round to that.
/// </remarks>
internal sealed class ProcessLauncher : IDisposable
{
    private readonly Channel<Start> _starts = Channel.CreateBounded<Start>(64);
    private readonly IChildProcesses? _register;
    private readonly ChildConfinement _confinement;

    /// <summary>What its children may not do.</summary>
    public ChildConfinement Confinement => _confinement;

    public ProcessLauncher(ChildConfinement confinement, IChildProcesses? register)
    {
        (_confinement, _register) = (confinement, register);
        new Thread(Launch) { Name = "child-processes", IsBackground = true }.Start();
    }

    /// <summary>Starts a program with all three standard streams redirected.</summary>
    /// <param name="program">To start.</param>
    /// <param name="arguments">Its own.</param>
    /// <param name="files">Files that it is to read.</param>
    /// <param name="cancellationToken">Ends the wait for its start.</param>
    /// <exception cref="ChildStartException">It cannot be started.</exception>
    public async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var command = _confinement.Command(program, arguments, files);
        var info = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        // The worker's own environment has the database's password in it.
        foreach (var name in info.Environment.Keys.Where(name => !IsForChildren(name)).ToArray())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in _confinement.AdditionalEnvironment)
        {
            info.Environment[name] = value;
        }

        var start = new Start(info, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await _starts.Writer.WriteAsync(start, cancellationToken);
        try
        {
            return new(await start.Process.Task, _register);
        }
        catch (Win32Exception problem)
        {
            throw new ChildStartException($"{program} cannot be started: {problem.Message}", problem);
        }
    }

    // Where programs and drivers are, and what the fleet's own processes are told apart by.
    private static bool IsForChildren(string name) =>
        name is "PATH" or "LANG" or "HOME" or "LD_LIBRARY_PATH" or "FLEET_HOME"
        || name.StartsWith("CUDA_", StringComparison.Ordinal)
        || name.StartsWith("NVIDIA_", StringComparison.Ordinal)
        || name.StartsWith("LIBVA_", StringComparison.Ordinal);

    public void Dispose() => _starts.Writer.TryComplete();

    // A thread of its own may wait synchronously: nothing else runs on it.
    private void Launch()
    {
        while (_starts.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_starts.Reader.TryRead(out var start))
            {
                try
                {
                    start.Process.SetResult(Process.Start(start.Info)!);
                }
                catch (Exception problem)
                {
                    start.Process.SetException(problem);
                }
            }
        }
    }

    private sealed record Start(ProcessStartInfo Info, TaskCompletionSource<Process> Process);
}
