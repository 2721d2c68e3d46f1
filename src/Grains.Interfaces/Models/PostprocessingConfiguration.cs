using System.Text.Json.Serialization;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>What becomes of a model's objects before they are stored. It changes without loading the model anew.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.PostprocessingConfiguration")]
public sealed record PostprocessingConfiguration
{
    /// <summary>Lowest confidence of a class, 0 to 1, in place of the deployment's threshold.</summary>
    [Id(0), JsonConverter(typeof(VerbatimKeys<double>))]
    public Dictionary<string, double> ClassThresholds { get; init; } = [];

    /// <summary>What classes of the model are called in detections; an empty name leaves the class out.</summary>
    [Id(1), JsonConverter(typeof(VerbatimKeys<string>))]
    public Dictionary<string, string> ClassMap { get; init; } = [];

    /// <summary>Where objects count. With including zones: in one of them; in an excluding one: never.</summary>
    [Id(2)]
    public DetectionZone[] Zones { get; init; } = [];

    /// <summary>Smallest area of a box as a share of the picture, 0 to 1.</summary>
    [Id(3)]
    public double? MinArea { get; init; }

    /// <summary>Largest area of a box as a share of the picture, 0 to 1.</summary>
    [Id(4)]
    public double? MaxArea { get; init; }
}

/// <summary>A polygon on the picture. An object is where the middle of its box's lower side is: where a person stands.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.DetectionZone")]
public sealed record DetectionZone
{
    /// <summary>For people.</summary>
    [Id(0)]
    public string Name { get; init; } = "";

    [Id(1)]
    public ZoneMode Mode { get; init; }

    /// <summary>Corners in their order, each x and y as shares of the picture's width and height, 0 to 1.</summary>
    [Id(2)]
    public double[][] Points { get; init; } = [];
}

/// <summary>What a zone does. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ZoneMode")]
public enum ZoneMode
{
    Include = 0,
    Exclude = 1,
}
