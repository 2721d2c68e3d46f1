namespace OrleansAiFleet.Cameras;

/// <summary>How fast a source is read. Stored by name.</summary>
[GenerateSerializer, Alias("Fleet.CameraPace")]
public enum CameraPace
{
    /// <summary>In real time: a newer frame takes the place of one that still waits.</summary>
    Live = 0,

    /// <summary>As fast as the model can take it: no frame is superseded.</summary>
    AsFastAsPossible = 1,
}
