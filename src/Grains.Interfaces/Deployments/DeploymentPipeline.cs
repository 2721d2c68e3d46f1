using System.Text.Json;
using System.Text.Json.Serialization;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Deployments;

/// <summary>How pictures go into a deployment's model: <c>preprocessing_pipeline</c>. What is null is as the model's configuration says.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PreprocessingPipeline
{
    /// <summary>See <see cref="ModelConfiguration.InputWidth"/>.</summary>
    public int? InputWidth { get; init; }

    /// <summary>See <see cref="ModelConfiguration.InputHeight"/>.</summary>
    public int? InputHeight { get; init; }

    /// <summary>See <see cref="ModelConfiguration.ColorOrder"/>.</summary>
    public string? ColorOrder { get; init; }

    /// <summary>See <see cref="ModelConfiguration.Resize"/>.</summary>
    public string? Resize { get; init; }

    /// <summary>See <see cref="ModelConfiguration.PadValue"/>.</summary>
    public int? PadValue { get; init; }

    /// <summary>See <see cref="ModelConfiguration.Mean"/>.</summary>
    public double[]? Mean { get; init; }

    /// <summary>See <see cref="ModelConfiguration.Scale"/>.</summary>
    public double[]? Scale { get; init; }
}

/// <summary>What becomes of the objects of a deployment's model: <c>postprocessing_pipeline</c>. What is null is as the model's configuration says.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PostprocessingPipeline
{
    /// <summary>See <see cref="ModelConfiguration.NmsIou"/>.</summary>
    public double? NmsIou { get; init; }

    /// <summary>See <see cref="ModelConfiguration.MaxDetections"/>.</summary>
    public int? MaxDetections { get; init; }

    /// <summary>See <see cref="PostprocessingConfiguration.ClassThresholds"/>; stands in place of the model's as a whole.</summary>
    [JsonConverter(typeof(VerbatimKeys<double>))]
    public Dictionary<string, double>? ClassThresholds { get; init; }

    /// <summary>See <see cref="PostprocessingConfiguration.ClassMap"/>; stands in place of the model's as a whole.</summary>
    [JsonConverter(typeof(VerbatimKeys<string>))]
    public Dictionary<string, string>? ClassMap { get; init; }

    /// <summary>See <see cref="PostprocessingConfiguration.Zones"/>; stand in place of the model's as a whole.</summary>
    public DetectionZone[]? Zones { get; init; }

    /// <summary>See <see cref="PostprocessingConfiguration.MinArea"/>.</summary>
    public double? MinArea { get; init; }

    /// <summary>See <see cref="PostprocessingConfiguration.MaxArea"/>.</summary>
    public double? MaxArea { get; init; }
}

/// <summary>Lays what a deployment wants of its own over its model's configuration. Pure.</summary>
public static class DeploymentPipeline
{
    /// <summary>The configuration that the deployment's frames go by.</summary>
    /// <exception cref="JsonException">One of its pipelines cannot be read.</exception>
    public static ModelConfiguration Over(ModelConfiguration model, Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(deployment);
        var configuration = deployment.PreprocessingPipeline?.To<PreprocessingPipeline>() is { } before ? Over(model, before) : model;
        return deployment.PostprocessingPipeline?.To<PostprocessingPipeline>() is { } after ? Over(configuration, after) : configuration;
    }

    /// <summary>All that a worker needs to run a deployment's model.</summary>
    /// <exception cref="JsonException">The model's configuration or one of the deployment's pipelines cannot be read.</exception>
    public static ModelReference Of(AiModel model, Deployment deployment)
    {
        var reference = ModelReference.Of(model);
        return reference with { Configuration = Over(reference.Configuration, deployment) };
    }

    private static ModelConfiguration Over(ModelConfiguration model, PreprocessingPipeline own) => model with
    {
        InputWidth = own.InputWidth ?? model.InputWidth,
        InputHeight = own.InputHeight ?? model.InputHeight,
        ColorOrder = own.ColorOrder ?? model.ColorOrder,
        Resize = own.Resize ?? model.Resize,
        PadValue = own.PadValue ?? model.PadValue,
        Mean = own.Mean ?? model.Mean,
        Scale = own.Scale ?? model.Scale,
    };

    private static ModelConfiguration Over(ModelConfiguration model, PostprocessingPipeline own)
    {
        var rules = model.Postprocessing ?? new();
        return model with
        {
            NmsIou = own.NmsIou ?? model.NmsIou,
            MaxDetections = own.MaxDetections ?? model.MaxDetections,
            Postprocessing = rules with
            {
                ClassThresholds = own.ClassThresholds ?? rules.ClassThresholds,
                ClassMap = own.ClassMap ?? rules.ClassMap,
                Zones = own.Zones ?? rules.Zones,
                MinArea = own.MinArea ?? rules.MinArea,
                MaxArea = own.MaxArea ?? rules.MaxArea,
            },
        };
    }
}
