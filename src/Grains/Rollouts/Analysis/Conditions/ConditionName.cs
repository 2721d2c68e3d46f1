namespace OrleansAiFleet.Rollouts.Analysis.Conditions;

/// <summary>What a condition can name; written in lower case.</summary>
internal enum ConditionName
{
    /// <summary>The new version's value.</summary>
    Result,

    /// <summary>The value of the version before.</summary>
    Baseline,

    /// <summary>New minus before.</summary>
    Difference,

    /// <summary>Lower bound of the difference.</summary>
    Lower,

    /// <summary>Upper bound of the difference.</summary>
    Upper,

    /// <summary>Samples of the kind that the measure is made of.</summary>
    Samples,
}

/// <summary>What the names stand for; a value that is absent or not finite is NaN.</summary>
internal sealed class ConditionValues(
    double? result, double? baseline, double? difference, double? lower, double? upper, double? samples)
{
    public double Of(ConditionName name)
    {
        var value = name switch
        {
            ConditionName.Result => result,
            ConditionName.Baseline => baseline,
            ConditionName.Difference => difference,
            ConditionName.Lower => lower,
            ConditionName.Upper => upper,
            _ => samples,
        };
        return value is { } number && double.IsFinite(number) ? number : double.NaN;
    }
}
