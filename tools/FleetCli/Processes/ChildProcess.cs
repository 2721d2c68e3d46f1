using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansAiFleet.FleetCli.Processes;

/// <summary>One process of the fleet: starts it, starts it again when it ends by itself, stops it.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Interrupt = 2;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    private readonly Spawner _spawner;
    private readonly ProcessStartInfo _start;
    private readonly LogFile _log;
    private readonly bool _stopsOnInterrupt;
    private readonly Action<string> _tell;
    private Process _process = null!;
    private Task _keeping = Task.CompletedTask;
    private volatile bool _stopping;

    private ChildProcess(
        string name, Spawner spawner, ProcessStartInfo start, LogFile log, bool stopsOnInterrupt, Action<string> tell)
    {
        (Name, _spawner, _start, _log, _stopsOnInterrupt, _tell) = (name, spawner, start, log, stopsOnInterrupt, tell);
    }

    public string Name { get; }

    public int Restarts { get; private set; }

    public bool HasExited => _process.HasExited;

    /// <summary>Its last lines.</summary>
    public string LogTail => _log.Tail;

    /// <summary>As other commands find it.</summary>
    public RunningProcess Running => new(Name, ProcessIdentity.Of(_process.Id), Restarts);

    /// <summary>Raised after it was started again.</summary>
    public event Action? Restarted;

    /// <param name="name">Also the name of its log.</param>
    /// <param name="spawner">Starts it.</param>
    /// <param name="settings">Where logs go.</param>
    /// <param name="start">Program, arguments, environment.</param>
    /// <param name="stopsOnInterrupt">SIGINT ends it cleanly (PostgreSQL's fast shutdown); otherwise SIGTERM does.</param>
    /// <param name="tell">Says to the person at the keyboard what happens.</param>
    public static async Task<ChildProcess> StartAsync(
        string name,
        Spawner spawner,
        FleetSettings settings,
        ProcessStartInfo start,
        bool stopsOnInterrupt,
        Action<string> tell)
    {
        var log = new LogFile(Path.Combine(settings.LogFolder, $"{name}.log"));
        var child = new ChildProcess(name, spawner, start, log, stopsOnInterrupt, tell);
        await child.StartOnceAsync();
        return child;
    }

    /// <summary>From now on it is started again when it ends.</summary>
    public void KeepRunning(CancellationToken cancellationToken) => _keeping = KeepAsync(cancellationToken);

    /// <summary>Asks it to stop, waits, and ends it by force after the limit.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        _stopping = true;
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, _stopsOnInterrupt ? Interrupt : Terminate);
            using var deadline = new CancellationTokenSource(limit);
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                _tell($"{Name} did not stop within {limit.TotalSeconds:0} s: ended by force");
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await _keeping;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(60));
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private async Task StartOnceAsync()
    {
        _process = await _spawner.StartAsync(_start, _stopsOnInterrupt ? "INT" : "TERM");
        _process.OutputDataReceived += (_, line) => _log.Write(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Write(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var backoff = FirstBackoff;
        try
        {
            while (true)
            {
                var started = Stopwatch.GetTimestamp();
                await _process.WaitForExitAsync(cancellationToken);
                if (_stopping)
                {
                    return;
                }

                backoff = Stopwatch.GetElapsedTime(started) > LongestBackoff ? FirstBackoff : backoff;
                _tell($"{Name} ended by itself (exit code {_process.ExitCode}); starts again in {backoff.TotalSeconds:0} s");
                await Task.Delay(backoff, cancellationToken);
                backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
                _process.Dispose();
                await StartOnceAsync();
                Restarts++;
                Restarted?.Invoke();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The fleet stops: StopAsync ends the process.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
