using OrleansAiFleet.Evaluations;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Model versions side by side; the first is what the others are compared with.</summary>
public sealed record ModelComparison
{
    /// <summary>Live figures are of windows that begin at this or later.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>And before this.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The versions, in the order that was asked for.</summary>
    public required ComparedModel[] Models { get; init; }

    /// <summary>What can be counted.</summary>
    public required ComparedMeasure[] Measures { get; init; }

    /// <summary>What can only be named.</summary>
    public required ComparedTrait[] Traits { get; init; }

    /// <summary>The differences that matter, as sentences.</summary>
    public required string[] Summary { get; init; }
}

/// <summary>One version of a comparison.</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">Its model.</param>
/// <param name="Version">Its version.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="ClassesAdded">Classes that it has and the first has not.</param>
/// <param name="ClassesMissing">Classes that the first has and it has not.</param>
/// <param name="Evaluation">The evaluation that its figures are of, or null.</param>
/// <param name="Windows">Five-minute windows that its live figures are of.</param>
public sealed record ComparedModel(
    Guid Id, string Name, string Version, ModelStatus Status, string[] ClassesAdded, string[] ClassesMissing, Guid? Evaluation, long Windows);

/// <summary>One figure of all versions.</summary>
/// <param name="Measure">The column's name.</param>
/// <param name="Source">specification, evaluation or live.</param>
/// <param name="Better">lower, higher, or null where neither is.</param>
/// <param name="Values">One per version; null: not known.</param>
/// <param name="Differences">One per version against the first.</param>
/// <param name="Best">Index of the best value, or null where that cannot be said.</param>
public sealed record ComparedMeasure(
    string Measure, string Source, string? Better, decimal?[] Values, ComparedDifference?[] Differences, int? Best);

/// <summary>How a value differs from the first version's.</summary>
/// <param name="Absolute">Value less the first's.</param>
/// <param name="Percent">The same in percent of the first's; null where that is 0.</param>
/// <param name="Verdict">better, worse, same, or different where neither is better.</param>
public sealed record ComparedDifference(decimal Absolute, decimal? Percent, string Verdict);

/// <summary>Something that versions have, in words.</summary>
/// <param name="Trait">The column's name.</param>
/// <param name="Values">One per version.</param>
/// <param name="Differs">Whether they are not all the same.</param>
public sealed record ComparedTrait(string Trait, string?[] Values, bool Differs);

/// <summary>All that is known of one version.</summary>
internal sealed record ModelFigures(AiModel Model, EvaluationResult? Evaluation, LiveFigures? Live);
