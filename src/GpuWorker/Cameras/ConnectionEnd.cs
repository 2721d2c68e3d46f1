namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>How one connection to a source ended.</summary>
/// <param name="Kind">What follows from it.</param>
/// <param name="Frames">Frames delivered.</param>
/// <param name="Lasted">Since its first frame.</param>
/// <param name="Problem">As an operator may read it, without credentials; null where all went well.</param>
internal sealed record ConnectionEnd(ConnectionEndKind Kind, long Frames, TimeSpan Lasted, string? Problem);

/// <summary>See <see cref="ConnectionEnd"/>.</summary>
internal enum ConnectionEndKind
{
    /// <summary>Played to its end.</summary>
    Ended,

    /// <summary>Could not be opened, or was closed by the other side.</summary>
    Lost,

    /// <summary>Went silent.</summary>
    Stalled,
}
