namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>
/// What the differences of one metric come to so far, B minus A, each the mean over the cameras of one slot: enough for their mean, spread and
/// how they hang together from slot to slot. They are taken up one by one (Welford 1962, Technometrics 4:419), so that none has to be kept.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.ExperimentTally")]
public sealed record ExperimentTally
{
    /// <summary>Nothing yet.</summary>
    public static ExperimentTally Empty { get; } = new();

    /// <summary>Slots, of which each is one difference.</summary>
    [Id(0)]
    public long Slots { get; init; }

    /// <summary>Pairs of one camera in one slot.</summary>
    [Id(1)]
    public long Pairs { get; init; }

    /// <summary>Mean of the differences, in the measure's unit.</summary>
    [Id(2)]
    public double Mean { get; init; }

    /// <summary>Sum of the squares of their distances from the mean.</summary>
    [Id(3)]
    public double Squares { get; init; }

    /// <summary>Mean of A's values.</summary>
    [Id(4)]
    public double MeanOfA { get; init; }

    /// <summary>The first difference.</summary>
    [Id(5)]
    public double First { get; init; }

    /// <summary>The last difference.</summary>
    [Id(6)]
    public double Last { get; init; }

    /// <summary>Sum of the products of each difference with the one before it, all less the first.</summary>
    [Id(7)]
    public double Products { get; init; }

    /// <summary>With one slot more.</summary>
    /// <param name="a">A's value, mean over the cameras.</param>
    /// <param name="b">B's value on the same cameras in the same slot.</param>
    /// <param name="pairs">How many cameras.</param>
    public ExperimentTally With(double a, double b, int pairs)
    {
        var (slots, difference) = (Slots + 1, b - a);
        var mean = Mean + ((difference - Mean) / slots);
        var first = Slots == 0 ? difference : First;
        return new()
        {
            Slots = slots,
            Pairs = Pairs + pairs,
            Mean = mean,
            Squares = Squares + ((difference - Mean) * (difference - mean)),
            MeanOfA = MeanOfA + ((a - MeanOfA) / slots),
            First = first,
            Last = difference,
            Products = Slots == 0 ? 0 : Products + ((difference - first) * (Last - first)),
        };
    }
}
