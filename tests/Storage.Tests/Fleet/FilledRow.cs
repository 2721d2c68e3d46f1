using System.Globalization;
using System.Reflection;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Storage.Tests.Fleet;

/// <summary>Sets every property of a row to a value of its own that is not the default and that no constraint forbids.</summary>
internal static class FilledRow
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    public static T Of<T>(IReadOnlyDictionary<string, Guid> references)
        where T : new()
    {
        var row = new T();
        var properties = typeof(T).GetProperties().Where(property => property.CanWrite).ToArray();
        for (var i = 0; i < properties.Length; i++)
        {
            properties[i].SetValue(row, ValueFor(properties[i], i, row, references));
        }

        return row;
    }

    private static object ValueFor(PropertyInfo property, int i, object row, IReadOnlyDictionary<string, Guid> references)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return property.Name switch
        {
            "CountryCode" => "NO",
            "Alias" => "champion-2_b",
            "UserSatisfactionScore" => 7.5m,
            "TemperatureCelsius" => -21.5m,
            _ when references.TryGetValue(property.Name, out var id) => id,
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().Last(value => !value.Equals(property.GetValue(row))),
            _ => ValueOf(type, i, property.GetValue(row)),
        };
    }

    // Decimals fall with the index, so that limits that go with another column hold; figures rise for the same reason.
    private static object ValueOf(Type type, int i, object? given) => type switch
    {
        _ when type == typeof(string) => string.Create(CultureInfo.InvariantCulture, $"text {i} ä€😀"),
        _ when type == typeof(decimal) => 0.99m - (0.01m * i),
        _ when type == typeof(double) => 1.5 + i,
        _ when type == typeof(int) => i + 1,
        _ when type == typeof(long) => 5_000_000_000L + i,
        _ when type == typeof(bool) => given is not true,
        _ when type == typeof(Guid) => Guid.NewGuid(),
        _ when type == typeof(DateTimeOffset) => Start.AddMinutes(i),
        _ when type == typeof(JsonText) => new JsonText(string.Create(CultureInfo.InvariantCulture, $$"""{"a": [{{i}}, "ä€"]}""")),
        _ when type == typeof(Guid[]) => new[] { Guid.NewGuid(), Guid.NewGuid() },
        _ when type == typeof(ModelDecision[]) =>
            new[] { new ModelDecision { Step = ModelStep.Reject, By = Guid.NewGuid(), Comment = "blind", At = Start, ConfigurationRevision = 3 } },
        _ when type == typeof(AttachedFile[]) =>
            new[] { new AttachedFile { Kind = AttachedFileKind.Evidence, Name = "gate.jpg", Path = "sha256/aa", Size = 5_000_000_000L } },
        _ when type == typeof(RolloutProgress) => new RolloutProgress { Phase = RolloutPhase.Promoting, Weight = 40, Since = Start, Reason = "ä" },
        _ when type == typeof(RolloutStep[]) => new[] { new RolloutStep { Kind = RolloutStepKind.Pause, DurationSeconds = 7 }, new() },
        _ when type == typeof(RolloutDecision[]) =>
            new[] { new RolloutDecision { At = Start, By = Guid.NewGuid(), Command = RolloutCommand.Skip, Progress = new() { Reason = "b" } } },
        _ when type == typeof(AnalysisMetric[]) => new[] { new AnalysisMetric { Name = "slow", IntervalSeconds = 9, FailureCondition = "result > 5" } },
        _ when type == typeof(AnalysisRun) => new AnalysisRun { Phase = AnalysisPhase.Failed, Message = "ä", Started = Start },
        _ when type == typeof(SiteTemplate) => new SiteTemplate { Steps = [new() { Kind = RolloutStepKind.Pause }], BatchSize = 3, ConfidenceThreshold = 0.25m },
        _ when type == typeof(Wave[]) => new[] { new Wave([Guid.NewGuid()]), new Wave([]) },
        _ when type == typeof(FailurePolicy) => new FailurePolicy { Percent = 5, Scope = FailureScope.Wave, Then = FailureConsequence.RollBackAll },
        _ when type == typeof(FleetRolloutProgress) =>
            new FleetRolloutProgress { Phase = FleetRolloutPhase.Returning, Wave = 2, ReturnsWave = 1, Since = Start, Reason = "ä" },
        _ when type == typeof(FleetRolloutDecision[]) =>
            new[] { new FleetRolloutDecision { At = Start, Command = FleetRolloutCommand.SkipSite, SiteId = Guid.NewGuid(), Progress = new() { Reason = "b" } } },
        _ when type == typeof(ExperimentPlan) => new ExperimentPlan
        {
            Weight = 30, Metrics = [new() { Measure = AnalysisMeasure.MeanConfidence, MinimumEffect = 0.02 }], Alpha = 0.01,
            OnVerdict = ExperimentConsequence.PromoteWinner, Analysis = [new() { Name = "slow", FailureCondition = "result > 5" }],
        },
        _ when type == typeof(ExperimentProgress) =>
            new ExperimentProgress { Phase = ExperimentPhase.Concluded, Verdict = ExperimentVerdict.BIsWorse, Since = Start, StartedAt = Start, Reason = "ä" },
        _ when type == typeof(ExperimentStanding) => new ExperimentStanding
        {
            Results = [new() { Tally = new() { Slots = 7, Pairs = 9, Mean = 0.1, Squares = 1.0 / 3, MeanOfA = -2 }, Lower = -1e-9, Finding = ExperimentFinding.Alike }],
            MeasuredUntil = Start, Sentence = "ä",
        },
        _ when type == typeof(OptimizationWish) => new OptimizationWish
        {
            LatencyTargetMilliseconds = 1.0 / 3, Goal = OptimizationGoal.MostFrames, MinimumAgreement = 0.9, Intervals = [0, 3], Frames = 21,
        },
        _ when type == typeof(OptimizationProgress) => new OptimizationProgress
        {
            Phase = OptimizationPhase.Proposed, Since = Start, Reason = "ä", Current = new() { Width = 416 }, EndedBy = Guid.NewGuid(),
            Proposal = new() { Configuration = new() { BatchSize = 4 }, After = new() { Seconds = 0.1, Agreement = 1.0 / 3 } },
            Bounds = new() { MostBusy = 0.7, Cameras = 9 },
        },
        _ when type == typeof(OptimizationStanding) => new OptimizationStanding
        {
            Measurements = [new() { Worker = "w", LatencyP95Milliseconds = 1e-9, Fault = TrialFault.Busy, FaultReason = "ä" }], Setbacks = 2,
        },
        _ when type == typeof(MaintenanceWindow[]) =>
            new[] { new MaintenanceWindow { Days = [DayOfWeek.Monday], Start = new(22, 30), End = new(4, 0) }, new MaintenanceWindow() },
        _ when type == typeof(string[]) => new[] { "helmet", "no \"helmet\"" },
        _ => throw new InvalidOperationException($"No value for {type}."),
    };
}
