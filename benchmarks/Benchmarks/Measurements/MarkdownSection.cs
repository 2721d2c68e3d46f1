using System.Globalization;
using System.Text;

namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>A benchmark's results as a section of a Markdown page.</summary>
public static class MarkdownSection
{
    /// <summary>Writes one section.</summary>
    /// <param name="benchmark">What was run.</param>
    /// <param name="rows">What it gave.</param>
    /// <param name="load">What else the machine did when it began: <see cref="Machine.Load"/>.</param>
    public static string Write(IBenchmark benchmark, IReadOnlyList<BenchmarkRow> rows, string load)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {benchmark.Name}").AppendLine();
        text.AppendLine(benchmark.Description).AppendLine();
        text.AppendLine("| case | ours: median (min to max) | reference: median (min to max) | ratio | ratio by round | target | met |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var row in rows)
        {
            text.AppendLine(Line(row));
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {Machine.Describe()}; {load}.");
        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Repeat: `./fleet bench {benchmark.Name}` in the root of the checkout.");
        return text.ToString();
    }

    private static string Line(BenchmarkRow row)
    {
        var rounds = row.RoundRatios is { } ratios ? $"{Number(ratios.Least)} to {Number(ratios.Most)}" : "";
        var target = row.Target?.ToString() ?? "for information";
        var met = row.Target is null ? "" : row.Target.IsMetBy(row.Ratio) ? "yes" : "**no**";
        return $"| {row.Case} | {Side(row.Ours)} | {Side(row.Reference)} | {Number(row.Ratio)} | {rounds} | {target} | {met} |";
    }

    private static string Side(Measurement side) =>
        $"{side.Label}: {Number(side.Median)} {side.Unit} ({Number(side.Least)} to {Number(side.Most)})";

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);
}
