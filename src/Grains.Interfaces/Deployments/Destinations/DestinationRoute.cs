using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>What a worker has to know of a destination: its name and which detections of a camera go there.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.DestinationRoute")]
public sealed record DestinationRoute
{
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Null: all.</summary>
    [Id(1)]
    public string[]? Classes { get; init; }

    /// <summary>Null: any.</summary>
    [Id(2)]
    public double? MinConfidence { get; init; }

    /// <summary>Whether a detection goes there. Confidences are compared as they are stored.</summary>
    public bool Takes(Detection detection)
    {
        ArgumentNullException.ThrowIfNull(detection);
        return (Classes is null || Classes.Contains(detection.ClassName, StringComparer.Ordinal))
            && (MinConfidence is not { } lowest || detection.Confidence >= (float)lowest);
    }

    /// <summary>The routes of one camera.</summary>
    public static DestinationRoute[] Of(IEnumerable<OutputDestination> destinations, Guid cameraId) =>
    [
        .. destinations.Where(each => each.Sees(cameraId))
            .Select(each => new DestinationRoute { Name = each.Name, Classes = each.Classes, MinConfidence = each.MinConfidence }),
    ];
}
