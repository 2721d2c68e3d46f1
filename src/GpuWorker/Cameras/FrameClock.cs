namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// Times of one camera's frames: when they arrived, cut to the microsecond the database keeps, each later than the one
/// before. Also for recordings: windows and latencies are of the time the work was done, and a recording's own
/// time stamps say nothing of that.
/// </summary>
internal sealed class FrameClock(TimeProvider time)
{
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public DateTimeOffset Next()
    {
        var now = time.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        return _last = now > _last ? now : _last.AddTicks(TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>Microseconds since 1970.</summary>
    public static long Microseconds(DateTimeOffset moment) =>
        (moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
