using System.Collections.Frozen;

namespace OrleansAiFleet.Rollouts.Analysis.Conditions;

/// <summary>The words of the condition language; case matters.</summary>
internal static class ConditionWords
{
    /// <summary>Most numbers that <c>min</c> and <c>max</c> take.</summary>
    public const int MostArguments = 8;

    private static readonly FrozenDictionary<string, ConditionName> Names =
        Enum.GetValues<ConditionName>().ToFrozenDictionary(Of, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, ConditionFunction> Functions = new Dictionary<string, ConditionFunction>
    {
        ["abs"] = new(1, 1, numbers => new Absolute(numbers[0])),
        ["min"] = new(2, MostArguments, numbers => new Extreme(largest: false, numbers)),
        ["max"] = new(2, MostArguments, numbers => new Extreme(largest: true, numbers)),
        ["default"] = new(2, 2, numbers => new DefaultTo(numbers[0], numbers[1])),
        ["isNaN"] = new(1, 1, numbers => new IsMissing(numbers[0])),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string AllNames { get; } = string.Join(", ", Enum.GetValues<ConditionName>().Select(Of));

    public static string AllFunctions { get; } = string.Join(", ", Functions.Keys.Order(StringComparer.Ordinal));

    /// <summary>How a name is written.</summary>
    public static string Of(ConditionName name) => name switch
    {
        ConditionName.Result => "result",
        ConditionName.Baseline => "baseline",
        ConditionName.Difference => "difference",
        ConditionName.Lower => "lower",
        ConditionName.Upper => "upper",
        _ => "samples",
    };

    public static bool TryName(string word, out ConditionName name) => Names.TryGetValue(word, out name);

    public static ConditionFunction? Function(string word) => Functions.GetValueOrDefault(word);
}

/// <summary>A function of numbers.</summary>
/// <param name="Fewest">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Build">The part of the tree for these arguments.</param>
internal sealed record ConditionFunction(int Fewest, int Most, Func<NumberNode[], ConditionNode> Build);
