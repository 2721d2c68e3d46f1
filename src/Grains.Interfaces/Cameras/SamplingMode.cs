namespace OrleansAiFleet.Cameras;

/// <summary>Which frames of a camera are worth a model's time. Stored by name.</summary>
[GenerateSerializer, Alias("Fleet.SamplingMode")]
public enum SamplingMode
{
    /// <summary>So many frames a second.</summary>
    Fps = 0,

    /// <summary>Every frame while something moves.</summary>
    Motion = 1,

    /// <summary>So many frames a second, and only while something moves.</summary>
    FpsAndMotion = 2,
}
