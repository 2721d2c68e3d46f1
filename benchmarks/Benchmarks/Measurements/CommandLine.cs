namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>What was asked for: <c>[name …] [--output file.md]</c>; no name means all, no file <see cref="ResultsPage.DefaultPath"/>.</summary>
public sealed record CommandLine(IReadOnlyList<IBenchmark> Benchmarks, string? Output)
{
    /// <summary>Reads the arguments, or says what is wrong with them.</summary>
    public static (CommandLine? Command, string? Fault) Parse(IReadOnlyList<string> arguments, IReadOnlyList<IBenchmark> known)
    {
        var chosen = new List<IBenchmark>();
        string? output = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--output")
            {
                if (++i == arguments.Count)
                {
                    return (null, "--output wants a file name.");
                }

                output = arguments[i];
                continue;
            }

            var name = arguments[i];
            if (known.FirstOrDefault(benchmark => benchmark.Name == name) is not { } benchmark)
            {
                return (null, $"There is no benchmark '{name}'; there are: {string.Join(", ", known.Select(static one => one.Name))}.");
            }

            chosen.Add(benchmark);
        }

        return (new CommandLine(chosen.Count == 0 ? known : chosen, output), null);
    }
}
