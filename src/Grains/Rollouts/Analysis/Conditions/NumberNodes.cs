namespace OrleansAiFleet.Rollouts.Analysis.Conditions;

internal sealed class Literal(double value) : NumberNode
{
    public override double Evaluate(ConditionValues values) => value;
}

internal sealed class Variable(ConditionName name) : NumberNode
{
    public override IEnumerable<ConditionName> Names => [name];

    public override double Evaluate(ConditionValues values) => values.Of(name);

    public override IEnumerable<ConditionName> Missing(ConditionValues values) => IsUnknown(values) ? [name] : [];
}

internal sealed class Negative(NumberNode operand) : NumberNode(operand)
{
    public override double Evaluate(ConditionValues values) => -operand.Evaluate(values);
}

internal sealed class Arithmetic(string sign, NumberNode left, NumberNode right) : NumberNode(left, right)
{
    public override double Evaluate(ConditionValues values)
    {
        var (a, b) = (left.Evaluate(values), right.Evaluate(values));
        var value = sign switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            _ => a / b,
        };
        return double.IsFinite(value) ? value : double.NaN;
    }
}

internal sealed class Absolute(NumberNode operand) : NumberNode(operand)
{
    public override double Evaluate(ConditionValues values) => Math.Abs(operand.Evaluate(values));
}

/// <summary>The smallest or largest of several; unknown as soon as one of them is.</summary>
internal sealed class Extreme(bool largest, NumberNode[] operands) : NumberNode([.. operands])
{
    public override double Evaluate(ConditionValues values)
    {
        var numbers = operands.Select(operand => operand.Evaluate(values));
        return largest ? numbers.Aggregate(Math.Max) : numbers.Aggregate(Math.Min);
    }
}

/// <summary>The first, or the second where the first is missing.</summary>
internal sealed class DefaultTo(NumberNode operand, NumberNode otherwise) : NumberNode(operand, otherwise)
{
    public override double Evaluate(ConditionValues values) =>
        operand.Evaluate(values) is var value && !double.IsNaN(value) ? value : otherwise.Evaluate(values);
}
