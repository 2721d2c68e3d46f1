namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>One comparison that can be repeated: something of ours against what it is measured by.</summary>
public interface IBenchmark
{
    /// <summary>Short name for the command line, lower case.</summary>
    string Name { get; }

    /// <summary>What is compared with what, and how; a few sentences for the report.</summary>
    string Description { get; }

    /// <summary>Measures, giving each row as soon as it is known.</summary>
    IAsyncEnumerable<BenchmarkRow> Run(CancellationToken cancellationToken);
}
