namespace OrleansAiFleet.Cameras;

/// <summary>One annotated picture of a camera.</summary>
/// <param name="Number">Grows within one run of the stream; give it back to get the next.</param>
/// <param name="Time">When the frame was taken.</param>
/// <param name="Jpeg">The picture.</param>
[GenerateSerializer, Immutable, Alias("Fleet.LiveFrame")]
public sealed record LiveFrame(
    [property: Id(0)] long Number, [property: Id(1)] DateTimeOffset Time, [property: Id(2)] byte[] Jpeg);
