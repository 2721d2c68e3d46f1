namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>What an inferred frame cost while cameras ran. Times in milliseconds of processor time.</summary>
/// <param name="Worker">This process: reading pictures, inference, tracking.</param>
/// <param name="Decoders">The cameras' ffmpeg processes; 0 where frames were offered decoded.</param>
/// <param name="FramesPerCameraSecond">How many were inferred: 1 where none was left out.</param>
internal sealed record FrameCost(double Worker, double Decoders, double FramesPerCameraSecond)
{
    public double All => Worker + Decoders;
}
