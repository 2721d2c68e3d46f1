namespace OrleansAiFleet.Rollouts.Analysis.Conditions;

/// <summary>A part of a condition's tree. Immutable.</summary>
internal abstract class ConditionNode(params ConditionNode[] children)
{
    /// <summary>Every name in it.</summary>
    public virtual IEnumerable<ConditionName> Names => children.SelectMany(child => child.Names);

    /// <summary>Names whose missing value keeps it from having one; none where it has one.</summary>
    public virtual IEnumerable<ConditionName> Missing(ConditionValues values) =>
        IsUnknown(values) ? children.SelectMany(child => child.Missing(values)) : [];

    protected abstract bool IsUnknown(ConditionValues values);
}

/// <summary>A part that is a number. What has no finite value is NaN and makes unknown whatever rests on it.</summary>
internal abstract class NumberNode(params ConditionNode[] children) : ConditionNode(children)
{
    public abstract double Evaluate(ConditionValues values);

    protected override bool IsUnknown(ConditionValues values) => double.IsNaN(Evaluate(values));
}

/// <summary>A part that is true, false, or null where that depends on a value that is missing.</summary>
internal abstract class TruthNode(params ConditionNode[] children) : ConditionNode(children)
{
    public abstract bool? Evaluate(ConditionValues values);

    protected override bool IsUnknown(ConditionValues values) => Evaluate(values) is null;
}
