namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>
/// What the differences of one metric come to so far, B minus A, of one camera in one slot each: enough for mean and spread, and taken up
/// one by one (Welford 1962, Technometrics 4:419), so that none has to be kept.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.ExperimentTally")]
public sealed record ExperimentTally
{
    /// <summary>Nothing yet.</summary>
    public static ExperimentTally Empty { get; } = new();

    /// <summary>Differences.</summary>
    [Id(0)]
    public long Pairs { get; init; }

    /// <summary>Their mean, in the measure's unit.</summary>
    [Id(1)]
    public double Mean { get; init; }

    /// <summary>Sum of the squares of their distances from the mean.</summary>
    [Id(2)]
    public double Squares { get; init; }

    /// <summary>Mean of A's values over the pairs.</summary>
    [Id(3)]
    public double MeanOfA { get; init; }

    /// <summary>With one pair more.</summary>
    /// <param name="a">A's value.</param>
    /// <param name="b">B's value on the same camera in the same slot.</param>
    public ExperimentTally With(double a, double b)
    {
        var (pairs, difference) = (Pairs + 1, b - a);
        var mean = Mean + ((difference - Mean) / pairs);
        return new()
        {
            Pairs = pairs,
            Mean = mean,
            Squares = Squares + ((difference - Mean) * (difference - mean)),
            MeanOfA = MeanOfA + ((a - MeanOfA) / pairs),
        };
    }
}
