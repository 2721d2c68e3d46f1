namespace OrleansAiFleet.Cameras;

/// <summary>How good a camera's connection is.</summary>
[GenerateSerializer, Alias("Fleet.CameraGrade")]
public enum CameraGrade
{
    /// <summary>Too early to say.</summary>
    Unknown = 0,
    Excellent = 1,
    Fair = 2,
    Poor = 3,
    Unusable = 4,
}
