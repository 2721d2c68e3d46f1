using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.FleetCli.Live;

/// <summary>
/// Shows what the cameras do: on a terminal the lines stay in place and change every second, elsewhere new lines are
/// written every ten seconds.
/// </summary>
internal sealed class LiveView(TextWriter output, bool isTerminal)
{
    private readonly Lock _gate = new();
    private int _linesShown;

    /// <summary>Pause between two looks.</summary>
    public TimeSpan Interval => isTerminal ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(10);

    /// <summary>Says something that stays.</summary>
    public void Tell(string message)
    {
        lock (_gate)
        {
            Erase();
            output.WriteLine($"fleet: {message}");
            output.Flush();
        }
    }

    /// <summary>Shows the cameras.</summary>
    public void Show(SystemHealth? health)
    {
        lock (_gate)
        {
            Erase();
            var lines = Lines(health).ToArray();
            foreach (var line in lines)
            {
                output.WriteLine(isTerminal ? Cut(line) : line);
            }

            _linesShown = isTerminal ? lines.Length : 0;
            output.Flush();
        }
    }

    private static IEnumerable<string> Lines(SystemHealth? health)
    {
        if (health is null)
        {
            return ["the control silo does not answer"];
        }

        var state = $"{health.Status.ToString().ToLowerInvariant()}: {health.Silos.Length} silos, {health.Workers.Length} workers, {health.Cameras.Length} cameras";
        return health.Cameras.OrderBy(camera => camera.Name, StringComparer.Ordinal).Select(CameraLine.Of)
            .Prepend(health.Reasons.Length == 0 ? state : $"{state} ({string.Join("; ", health.Reasons)})");
    }

    private static string Cut(string line) =>
        Console.WindowWidth is var width and > 1 && line.Length >= width ? line[..(width - 1)] : line;

    private void Erase()
    {
        if (_linesShown > 0)
        {
            output.Write($"\x1b[{_linesShown}A\x1b[J");
            _linesShown = 0;
        }
    }
}
