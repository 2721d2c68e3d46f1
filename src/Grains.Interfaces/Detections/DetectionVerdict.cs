namespace OrleansAiFleet.Detections;

/// <summary>What a person says of one detection. Stored by name: never rename.</summary>
[GenerateSerializer, Alias("Fleet.DetectionVerdict")]
public enum DetectionVerdict
{
    /// <summary>There is no such object.</summary>
    FalsePositive = 0,

    /// <summary>There is.</summary>
    Correct = 1,
}
