namespace OrleansAiFleet.Vision.Cameras;

/// <summary>
/// One decoded picture: planar YUV 4:2:0 (BT.601, limited range), planes Y, U, V tightly packed, both sides even.
/// Counted: every holder calls <see cref="Release"/> once, the last one gives the buffer back to its pool.
/// </summary>
public sealed class VideoFrame
{
    private readonly FramePool _pool;
    private readonly byte[] _buffer;
    private int _references = 1;

    internal VideoFrame(FramePool pool, byte[] buffer, int width, int height)
    {
        (_pool, _buffer, Width, Height) = (pool, buffer, width, height);
    }

    /// <summary>Bytes of a picture of this size.</summary>
    public static int SizeOf(int width, int height) => width * height * 3 / 2;

    public int Width { get; }

    public int Height { get; }

    /// <summary>Number since the stream started.</summary>
    public long Number { get; set; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset Time { get; set; }

    /// <summary>Where in its recording it stands, by the frame rate; starts over with the recording. Null where it is live.</summary>
    public TimeSpan? PlayTime { get; set; }

    /// <summary>When it arrived here, as a <c>TimeProvider.GetTimestamp</c> value.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>All three planes; valid until the last holder released it.</summary>
    public Memory<byte> Data => _buffer.AsMemory(0, SizeOf(Width, Height));

    public ReadOnlySpan<byte> Y => _buffer.AsSpan(0, Width * Height);

    public ReadOnlySpan<byte> U => _buffer.AsSpan(Width * Height, Width * Height / 4);

    public ReadOnlySpan<byte> V => _buffer.AsSpan(Width * Height * 5 / 4, Width * Height / 4);

    /// <summary>Counts one holder more.</summary>
    /// <exception cref="ObjectDisposedException">It was released already.</exception>
    public VideoFrame AddReference()
    {
        ObjectDisposedException.ThrowIf(Interlocked.Increment(ref _references) <= 1, this);
        return this;
    }

    /// <summary>Counts one holder less.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _pool.Return(_buffer);
        }
    }
}
