namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>Results for whoever waits at the terminal.</summary>
public static class ConsoleLines
{
    /// <summary>Heads one benchmark's table.</summary>
    public static void Head(TextWriter output, IBenchmark benchmark)
    {
        output.WriteLine($"{benchmark.Name}: {benchmark.Description}");
        output.WriteLine($"  {"case",-58} {"ours",12} {"reference",12}      {"ratio",8}  target");
    }

    /// <summary>One row, medians.</summary>
    public static void Row(TextWriter output, BenchmarkRow row)
    {
        var target = row.Target is null ? "" : $"{row.Target} {(row.Target.IsMetBy(row.Ratio) ? "met" : "MISSED")}";
        output.WriteLine(FormattableString.Invariant(
            $"  {row.Case,-58} {row.Ours.Median,12:0.0} {row.Reference.Median,12:0.0} {row.Ours.Unit,-4} {row.Ratio,8:0.000}  {target}"));
    }
}
