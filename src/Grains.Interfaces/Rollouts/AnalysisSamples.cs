namespace OrleansAiFleet.Rollouts;

/// <summary>How much was looked at, or must be looked at.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.AnalysisSamples")]
public sealed record AnalysisSamples
{
    [Id(0)]
    public long Frames { get; init; }

    [Id(1)]
    public long Detections { get; init; }

    /// <summary>Hours that cameras were watched, added up over the cameras.</summary>
    [Id(2)]
    public double CameraHours { get; init; }

    /// <summary>The number of one kind.</summary>
    public double Of(SampleKind kind) => kind switch
    {
        SampleKind.Frames => Frames,
        SampleKind.Detections => Detections,
        _ => CameraHours,
    };

    /// <summary>Of each kind the smaller number: what both sides of a comparison have at least.</summary>
    public static AnalysisSamples Least(AnalysisSamples left, AnalysisSamples right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Frames = Math.Min(left.Frames, right.Frames),
            Detections = Math.Min(left.Detections, right.Detections),
            CameraHours = Math.Min(left.CameraHours, right.CameraHours),
        };
    }
}
