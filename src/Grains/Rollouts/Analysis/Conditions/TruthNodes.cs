namespace OrleansAiFleet.Rollouts.Analysis.Conditions;

internal sealed class Comparison(string sign, NumberNode left, NumberNode right) : TruthNode(left, right)
{
    public override bool? Evaluate(ConditionValues values)
    {
        var (a, b) = (left.Evaluate(values), right.Evaluate(values));
        return double.IsNaN(a) || double.IsNaN(b)
            ? null
            : sign switch
            {
                "<" => a < b,
                "<=" => a <= b,
                ">" => a > b,
                ">=" => a >= b,
                "==" => a == b,
                _ => a != b,
            };
    }
}

// And, or and not as Kleene has them: unknown only where the missing value would decide.
internal sealed class And(TruthNode left, TruthNode right) : TruthNode(left, right)
{
    public override bool? Evaluate(ConditionValues values) => left.Evaluate(values) & right.Evaluate(values);
}

internal sealed class Or(TruthNode left, TruthNode right) : TruthNode(left, right)
{
    public override bool? Evaluate(ConditionValues values) => left.Evaluate(values) | right.Evaluate(values);
}

internal sealed class Not(TruthNode operand) : TruthNode(operand)
{
    public override bool? Evaluate(ConditionValues values) => !operand.Evaluate(values);
}

/// <summary>Whether a number is missing: always known.</summary>
internal sealed class IsMissing(NumberNode operand) : TruthNode(operand)
{
    public override bool? Evaluate(ConditionValues values) => double.IsNaN(operand.Evaluate(values));
}
