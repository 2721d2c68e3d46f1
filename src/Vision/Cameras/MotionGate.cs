namespace OrleansAiFleet.Vision.Cameras;

/// <summary>Says whether something moves, from the Y plane alone. One per camera.</summary>
public sealed class MotionGate(MotionSettings settings)
{
    /// <summary>Looks at the next frame of the camera.</summary>
    public MotionVerdict Observe(ReadOnlySpan<byte> luma, int width, int height) =>
        throw new NotImplementedException($"{settings}");
}

/// <summary>See <see cref="MotionGate"/>.</summary>
/// <param name="Threshold">Luma change that counts, 1 to 255.</param>
/// <param name="MinimumAreaPercent">Smallest moving area that counts, percent of the picture.</param>
public sealed record MotionSettings(int Threshold = 30, double MinimumAreaPercent = 0.1);

/// <summary>What the gate saw.</summary>
/// <param name="Moving">True lets the frame through.</param>
/// <param name="ChangedShare">Share of the picture that changed, 0 to 1.</param>
/// <param name="Calibrating">True while the background is still being learnt, at the start and after a jump of light.</param>
public readonly record struct MotionVerdict(bool Moving, double ChangedShare, bool Calibrating);
