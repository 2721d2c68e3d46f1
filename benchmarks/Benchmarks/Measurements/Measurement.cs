namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>What one side took or gave, one sample per round.</summary>
/// <param name="Label">Which side.</param>
/// <param name="Unit">Of the samples.</param>
/// <param name="Samples">At least one, in the order of the rounds.</param>
public sealed record Measurement(string Label, string Unit, IReadOnlyList<double> Samples)
{
    public double Median
    {
        get
        {
            var sorted = Samples.Order().ToArray();
            var middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    public double Least => Samples.Min();

    public double Most => Samples.Max();
}
