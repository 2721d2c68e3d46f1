namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// How many frames of a connection the sampling left out, from ffmpeg's count of decoded ones and ours of delivered ones.
/// </summary>
/// <param name="onTheirWay">
/// Most frames that can lie between the two counts (the pipe and one being written). They are held back until the end, so
/// that a frame still on its way is never taken for one left out.
/// </param>
internal sealed class SamplingCount(int onTheirWay)
{
    private long _leftOut;

    /// <summary>Frames left out that were not told yet.</summary>
    public long Take(long decoded, long delivered, bool atEnd)
    {
        var leftOut = decoded - delivered - (atEnd ? 0 : onTheirWay) - _leftOut;
        if (leftOut <= 0)
        {
            return 0;
        }

        _leftOut += leftOut;
        return leftOut;
    }
}
