using System.Text.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Deployments;

/// <summary>What a deployment's own pipelines must look like to be taken. Pure.</summary>
internal static class PipelinePolicy
{
    private const string Before = "preprocessing_pipeline";
    private const string After = "postprocessing_pipeline";

    // An input of 4096 by 4096 in three channels of float is 200 MB a frame already.
    private const int LargestInput = 4096;
    private const int MostDetections = 10_000;

    private static readonly string[] ColorOrders = ["rgb", "bgr", "gray"];
    private static readonly string[] Resizes = ["letterbox", "letterbox_top_left", "stretch"];

    /// <summary>What is wrong with them whatever the model, or null.</summary>
    public static Refusal? Judge(Deployment deployment) =>
        Read(deployment, out var before, out var after) ?? Refusal.First(Judge(before), Judge(after));

    /// <summary>What is wrong with them for this model, or null.</summary>
    public static Refusal? Judge(Deployment deployment, AiModel model)
    {
        if (Read(deployment, out _, out var own) is not null || own is null)
        {
            return null;
        }

        // Only what the deployment says itself is its fault.
        var rules = new PostprocessingConfiguration
        {
            ClassThresholds = own.ClassThresholds ?? [],
            ClassMap = own.ClassMap ?? [],
            Zones = own.Zones ?? [],
            MinArea = own.MinArea,
            MaxArea = own.MaxArea,
        };
        return PostprocessingPolicy.Judge(rules, model.OutputClasses ?? [], After);
    }

    private static Refusal? Read(Deployment deployment, out PreprocessingPipeline? before, out PostprocessingPipeline? after)
    {
        after = null;
        return Read(Before, deployment.PreprocessingPipeline, out before) ?? Read(After, deployment.PostprocessingPipeline, out after);
    }

    private static Refusal? Read<T>(string field, JsonText? given, out T? pipeline)
        where T : class
    {
        pipeline = null;
        try
        {
            pipeline = given?.To<T>();
            return null;
        }
        catch (JsonException problem)
        {
            var members = typeof(T).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            var path = problem.Path?.TrimStart('$').TrimStart('.');
            return Refusal.Invalid(
                string.IsNullOrEmpty(path) ? field : $"{field}.{path}",
                $"{field} is an object of {string.Join(", ", members)}: one of them cannot be read, or has another name.");
        }
    }

    private static Refusal? Judge(PreprocessingPipeline? own) => own is null ? null : Refusal.First(
        Field.Whole($"{Before}.input_width", own.InputWidth, 1, LargestInput),
        Field.Whole($"{Before}.input_height", own.InputHeight, 1, LargestInput),
        OneOf($"{Before}.color_order", own.ColorOrder, ColorOrders),
        OneOf($"{Before}.resize", own.Resize, Resizes),
        Field.Whole($"{Before}.pad_value", own.PadValue, 0, 255),
        Channels($"{Before}.mean", own.Mean),
        Channels($"{Before}.scale", own.Scale));

    private static Refusal? Judge(PostprocessingPipeline? own) => own is null ? null : Refusal.First(
        Field.Real($"{After}.nms_iou", own.NmsIou ?? 0, 0, 1),
        Field.Whole($"{After}.max_detections", own.MaxDetections, 1, MostDetections));

    private static Refusal? OneOf(string field, string? value, string[] known) =>
        value is null || known.Contains(value) ? null : Refusal.Invalid(field, $"{field} is one of {string.Join(", ", known)}.");

    private static Refusal? Channels(string field, double[]? values) =>
        values is null || (values.Length is 1 or 3 && Array.TrueForAll(values, value => float.IsFinite((float)value)))
            ? null
            : Refusal.Invalid(field, $"{field} is one number, or one for each of three channels.");
}
