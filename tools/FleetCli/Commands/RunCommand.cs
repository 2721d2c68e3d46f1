using System.Diagnostics;
using System.Runtime.InteropServices;

using OrleansAiFleet.FleetCli.Live;
using OrleansAiFleet.FleetCli.Processes;
using OrleansAiFleet.FleetCli.Samples;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary><c>./fleet run</c>: starts everything, shows what the cameras do, stops everything.</summary>
internal static class RunCommand
{
    /// <summary>Runs until Ctrl-C, SIGTERM or <c>./fleet stop</c>.</summary>
    public static async Task<int> RunAsync(FleetSettings settings, RunOptions options)
    {
        if (FleetState.ReadRunning(settings) is { } running)
        {
            throw new FleetCliException(
                $"this fleet runs already (process {running.Owner.Id}). ./fleet status shows it, ./fleet stop ends it.");
        }

        Ports.RequireFree(Ports.Of(settings, options.Workers));

        using var stop = new CancellationTokenSource();
        using var interrupt = StopSignals.On(PosixSignal.SIGINT, stop);
        using var terminate = StopSignals.On(PosixSignal.SIGTERM, stop);
        using var hangUp = StopSignals.On(PosixSignal.SIGHUP, stop);
        var view = new LiveView(Console.Out, !Console.IsOutputRedirected);
        await using var fleet = new RunningFleet(settings, view.Tell);
        try
        {
            await fleet.StartAsync(options.Workers, stop.Token);
            await ShowAsync(settings, options, view, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            view.Tell("stopping");
        }

        var stopping = Stopwatch.GetTimestamp();
        await fleet.StopAsync();
        view.Tell($"stopped in {Stopwatch.GetElapsedTime(stopping).TotalSeconds:0.0} s");
        return 0;
    }

    private static async Task ShowAsync(
        FleetSettings settings, RunOptions options, LiveView view, CancellationToken cancellationToken)
    {
        using var api = new FleetApi(settings);
        if (options.Samples)
        {
            await new SampleFleet(api, settings).RegisterAsync(cancellationToken);
        }

        FirstPassword.Tell(settings, view.Tell);
        view.Tell($"console            {settings.WebAddress}");
        view.Tell($"REST API           {settings.ApiAddress}docs");
        view.Tell($"Orleans Dashboard  {settings.ApiAddress}orleans");
        view.Tell($"logs               {settings.LogFolder}");
        view.Tell("Ctrl-C stops everything");
        while (true)
        {
            view.Show(await api.ReadHealthAsync(cancellationToken));
            await Task.Delay(view.Interval, cancellationToken);
        }
    }
}
