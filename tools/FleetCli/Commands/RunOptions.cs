using System.Globalization;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary>Options of <c>./fleet run</c>.</summary>
/// <param name="Workers">GPU worker silos, 1 to 16.</param>
/// <param name="Samples">Register the sample site, camera and model.</param>
internal sealed record RunOptions(int Workers = 1, bool Samples = true)
{
    private const int MostWorkers = 16;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FleetCliException">An option is not known or not well formed.</exception>
    public static RunOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new RunOptions();
        while (arguments is [var name, ..])
        {
            switch (name)
            {
                case "--workers" when arguments.Length > 1:
                    options = options with { Workers = ParseWorkers(arguments[1]) };
                    arguments = arguments[2..];
                    break;
                case "--no-samples":
                    options = options with { Samples = false };
                    arguments = arguments[1..];
                    break;
                default:
                    throw new FleetCliException($"'{name}' is no option of run: there are --workers N and --no-samples.");
            }
        }

        return options;
    }

    private static int ParseWorkers(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var workers) && workers is >= 1 and <= MostWorkers
            ? workers
            : throw new FleetCliException($"--workers is '{text}': it must be 1 to {MostWorkers}.");
}
