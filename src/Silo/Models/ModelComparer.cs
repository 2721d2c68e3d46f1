using System.Globalization;

using OrleansAiFleet.Evaluations;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Puts model versions side by side and calls the differences out. Pure.</summary>
internal static class ModelComparer
{
    private const string Lower = "lower";
    private const string Higher = "higher";

    /// <summary>Differences below this many percent are noise and called the same.</summary>
    private const decimal Noise = 1;

    private static readonly (string Name, string? Better, Func<AiModel, decimal?> Value)[] Specifications =
    [
        ("inference_time_ms", Lower, model => model.InferenceTimeMs),
        ("throughput_fps", Higher, model => model.ThroughputFps),
        ("model_file_size_mb", Lower, model => model.ModelFileSizeMb),
        ("memory_requirement_gb", Lower, model => model.MemoryRequirementGb),
        ("min_gpu_memory_gb", Lower, model => model.MinGpuMemoryGb),
        ("batch_size_max", Higher, model => model.BatchSizeMax),
        ("output_classes", null, model => model.OutputClasses?.Length),
        ("baseline_accuracy", Higher, model => model.BaselineAccuracy),
        ("baseline_precision", Higher, model => model.BaselinePrecision),
        ("baseline_recall", Higher, model => model.BaselineRecall),
        ("baseline_f1_score", Higher, model => model.BaselineF1Score),
        ("training_images_count", null, model => model.TrainingImagesCount),
    ];

    private static readonly (string Name, string? Better, Func<EvaluationResult, decimal?> Value)[] Evaluations =
    [
        ("overall_accuracy", Higher, result => result.OverallAccuracy),
        ("overall_precision", Higher, result => result.OverallPrecision),
        ("overall_recall", Higher, result => result.OverallRecall),
        ("overall_f1_score", Higher, result => result.OverallF1Score),
        ("mean_average_precision_50", Higher, result => result.MeanAveragePrecision50),
        ("mean_average_precision_75", Higher, result => result.MeanAveragePrecision75),
        ("mean_average_precision_50_95", Higher, result => result.MeanAveragePrecision5095),
        ("average_recall_100", Higher, result => result.AverageRecall100),
        ("average_inference_time_ms", Lower, result => result.AverageInferenceTimeMs),
        ("throughput_images_per_second", Higher, result => result.ThroughputImagesPerSecond),
        ("peak_memory_usage_gb", Lower, result => result.PeakMemoryUsageGb),
    ];

    private static readonly (string Name, string? Better, Func<LiveFigures, decimal?> Value)[] Live =
    [
        ("inference_time_avg_ms", Lower, figures => figures.InferenceTimeAvgMs),
        ("latency_p95_ms", Lower, figures => figures.LatencyP95Ms),
        ("throughput_fps", Higher, figures => figures.ThroughputFps),
        ("error_rate_percentage", Lower, figures => figures.ErrorRatePercentage),
        ("confidence_score_avg", null, figures => figures.ConfidenceScoreAvg),
        ("detections_per_frame", null, figures => figures.DetectionsPerFrame),
        ("cpu_utilization_avg", Lower, figures => figures.CpuUtilizationAvg),
        ("gpu_utilization_avg", null, figures => figures.GpuUtilizationAvg),
        ("memory_usage_avg_gb", Lower, figures => figures.MemoryUsageAvgGb),
        ("frames_inferred", null, figures => figures.FramesInferred),
    ];

    private static readonly (string Name, Func<AiModel, string?> Value)[] Traits =
    [
        ("model_type", model => $"{model.ModelType}"),
        ("category", model => model.Category),
        ("framework", model => model.Framework),
        ("architecture", model => model.Architecture),
        ("input_resolution", model => $"{model.InputResolutionWidth}x{model.InputResolutionHeight}x{model.InputChannels}"),
        ("decoder", model => model.Configuration?.To<ModelConfiguration>()?.Decoder),
        ("lifecycle_stage", model => $"{model.LifecycleStage}"),
        ("license_type", model => model.LicenseType),
        ("export_restrictions", model => model.ExportRestrictions),
    ];

    public static ModelComparison Compare(IReadOnlyList<ModelFigures> all, DateTimeOffset from, DateTimeOffset to)
    {
        ComparedMeasure[] measures =
        [
            .. Specifications.Select(measure => Measure(measure.Name, "specification", measure.Better, [.. all.Select(of => measure.Value(of.Model))])),
            .. Evaluations.Select(measure => Measure(
                measure.Name, "evaluation", measure.Better, [.. all.Select(of => of.Evaluation is { } result ? measure.Value(result) : null)])),
            .. Live.Select(measure => Measure(
                measure.Name, "live", measure.Better, [.. all.Select(of => of.Live is { } figures ? measure.Value(figures) : null)])),
        ];
        var models = all.Select(of => Compared(of, all[0].Model)).ToArray();
        return new()
        {
            From = from,
            To = to,
            Models = models,
            Measures = measures,
            Traits = [.. Traits.Select(trait => Trait(trait.Name, [.. all.Select(of => trait.Value(of.Model))]))],
            Summary = [.. Enumerable.Range(1, models.Length - 1).SelectMany(i => Summarize(models, measures, i))],
        };
    }

    private static ComparedModel Compared(ModelFigures of, AiModel first)
    {
        var (mine, its) = (of.Model.OutputClasses ?? [], first.OutputClasses ?? []);
        return new(
            of.Model.Id, of.Model.Name, of.Model.Version, of.Model.Status, [.. mine.Except(its)], [.. its.Except(mine)], of.Evaluation?.Id,
            of.Live?.Windows ?? 0);
    }

    private static ComparedMeasure Measure(string name, string source, string? better, decimal?[] values) => new(
        name, source, better, values, [.. values.Select(value => Difference(value, values[0], better))], Best(values, better));

    private static ComparedDifference? Difference(decimal? value, decimal? first, string? better)
    {
        if (value is not { } mine || first is not { } its)
        {
            return null;
        }

        var absolute = mine - its;
        decimal? percent = its == 0 ? null : Math.Round(absolute / Math.Abs(its) * 100, 1);
        var verdict = absolute == 0 || Math.Abs(percent ?? 100) < Noise ? "same"
            : better is null ? "different"
            : absolute < 0 == (better == Lower) ? "better" : "worse";
        return new(absolute, percent, verdict);
    }

    private static int? Best(decimal?[] values, string? better)
    {
        var known = values.Index().Where(value => value.Item is not null).ToArray();
        return better is null || known.Length < 2 ? null
            : better == Lower ? known.MinBy(value => value.Item).Index : known.MaxBy(value => value.Item).Index;
    }

    private static ComparedTrait Trait(string name, string?[] values) => new(name, values, values.Distinct().Count() > 1);

    private static IEnumerable<string> Summarize(ComparedModel[] models, ComparedMeasure[] measures, int i)
    {
        var (first, model) = ($"{models[0].Name} {models[0].Version}", $"{models[i].Name} {models[i].Version}");
        foreach (var measure in measures.Where(measure => measure.Differences[i]?.Verdict is "better" or "worse"))
        {
            var difference = measure.Differences[i]!;
            var by = difference.Percent is { } percent
                ? string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(percent):0.#} %")
                : string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(difference.Absolute):0.###}");
            var change = difference.Absolute < 0 ? "lower" : "higher";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{model} is {difference.Verdict} than {first} in {measure.Measure} ({measure.Source}): {by} {change}, "
                + $"{measure.Values[0]:0.###} to {measure.Values[i]:0.###}.");
        }

        if (models[i].ClassesMissing.Length > 0)
        {
            yield return $"{model} does not know {models[i].ClassesMissing.Length} classes of {first}: {Name(models[i].ClassesMissing)}.";
        }

        if (models[i].ClassesAdded.Length > 0)
        {
            yield return $"{model} knows {models[i].ClassesAdded.Length} classes that {first} does not: {Name(models[i].ClassesAdded)}.";
        }
    }

    private static string Name(string[] classes) =>
        string.Join(", ", classes.Take(10)) + (classes.Length > 10 ? $" and {classes.Length - 10} more" : "");
}
