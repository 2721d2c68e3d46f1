using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Grades a camera's connection. Pure.</summary>
internal static class GradePolicy
{
    /// <summary>
    /// Nothing is said before frames came for ten seconds: the second that the first frame falls into, and the ten
    /// whole ones after it that the rate is measured over.
    /// </summary>
    public static readonly TimeSpan TooEarly = TimeSpan.FromSeconds(11);

    /// <summary>A camera that gave nothing at all for so long will not do by waiting.</summary>
    public static readonly TimeSpan LongestConnecting = TimeSpan.FromSeconds(30);

    public static CameraGrade Judge(GradeInput seen)
    {
        if (seen.SinceFirstFrame is not { } delivering)
        {
            return seen.Age < LongestConnecting ? CameraGrade.Unknown : CameraGrade.Unusable;
        }

        if (delivering < TooEarly)
        {
            return CameraGrade.Unknown;
        }

        var share = seen.ExpectedFps > 0 ? seen.Fps / seen.ExpectedFps : 1;
        return seen switch
        {
            { Fps: < 0.1 } or { ReconnectsLastHour: > 10 } => CameraGrade.Unusable,
            { ReconnectsLastHour: 0, StallsLastHour: < 5 } when share >= 0.9 => CameraGrade.Excellent,
            { ReconnectsLastHour: <= 2 } when share >= 0.6 => CameraGrade.Fair,
            _ => CameraGrade.Poor,
        };
    }
}

/// <summary>What a grade is made of.</summary>
/// <param name="Age">Since the stream started.</param>
/// <param name="SinceFirstFrame">Since its first frame; null while none came. Connecting and the model's loading are before it.</param>
/// <param name="Fps">Frames a second decoded lately.</param>
/// <param name="ExpectedFps">Frames a second the source says it has, or 0 where it does not say.</param>
/// <param name="ReconnectsLastHour">Losses that were followed by another try.</param>
/// <param name="StallsLastHour">Silences that cost the connection.</param>
internal readonly record struct GradeInput(
    TimeSpan Age, TimeSpan? SinceFirstFrame, double Fps, double ExpectedFps, int ReconnectsLastHour, int StallsLastHour);
