namespace OrleansAiFleet.Rollouts.Analysis.Conditions;

/// <summary>
/// A condition on what was measured, as <c>result &lt; 200 &amp;&amp; default(upper, 0) &lt; 20</c>: numbers, the names
/// of <see cref="ConditionName"/>, <c>+ - * /</c>, <c>&lt; &lt;= &gt; &gt;= == !=</c>, <c>&amp;&amp; || !</c>,
/// parentheses and the functions <c>abs min max default isNaN</c>. Immutable; it reads what it is given and nothing else.
/// </summary>
internal sealed class Condition
{
    /// <summary>Most characters of a condition.</summary>
    public const int LongestText = 500;

    /// <summary>Most parentheses, functions and signs inside each other.</summary>
    public const int DeepestNesting = 32;

    private readonly TruthNode _root;

    internal Condition(TruthNode root)
    {
        _root = root;
        Names = root.Names.ToHashSet();
    }

    /// <summary>What it asks for.</summary>
    public IReadOnlySet<ConditionName> Names { get; }

    /// <summary>Whether a text says anything; one that does not is no condition.</summary>
    public static bool IsGiven(string? text) => !string.IsNullOrWhiteSpace(text);

    /// <summary>Reads a condition, or says where it cannot be read and why.</summary>
    public static ParsedCondition Parse(string text) => new ConditionParser(text).Parse();

    /// <summary>Whether it holds; null where that depends on a value that is missing.</summary>
    public bool? Holds(ConditionValues values) => _root.Evaluate(values);

    /// <summary>Why it is not known whether it holds, as the end of a sentence.</summary>
    public string WhyUnknown(ConditionValues values)
    {
        var missing = _root.Missing(values).Distinct().Select(ConditionWords.Of).ToList();
        return missing.Count == 0
            ? "the condition's arithmetic gives no finite number"
            : $"{string.Join(" and ", missing)} {(missing.Count == 1 ? "has" : "have")} no value";
    }
}

/// <summary>A condition, or why a text is none.</summary>
internal sealed record ParsedCondition(Condition? Condition, ConditionFault? Fault);

/// <summary>Why a text is no condition.</summary>
/// <param name="Position">Where, counted in characters from 1.</param>
/// <param name="Message">What is wrong, with the position in it.</param>
internal sealed record ConditionFault(int Position, string Message);
