using System.Collections.Concurrent;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>Frame buffers that are used again. Bounded: what does not fit is left to the garbage collector.</summary>
/// <param name="maximumRetainedBytes">Most bytes kept for reuse.</param>
public sealed class FramePool(long maximumRetainedBytes)
{
    private readonly ConcurrentDictionary<int, ConcurrentBag<byte[]>> _bySize = new();
    private long _retainedBytes;
    private long _rentedBytes;

    /// <summary>Bytes out with frames now.</summary>
    public long RentedBytes => Interlocked.Read(ref _rentedBytes);

    /// <summary>A frame of this size; its content is undefined.</summary>
    /// <exception cref="ArgumentException">A side is not positive and even.</exception>
    public VideoFrame Rent(int width, int height)
    {
        if (width <= 0 || height <= 0 || (width | height) % 2 != 0)
        {
            throw new ArgumentException($"A frame of {width}x{height} cannot be: both sides must be positive and even.");
        }

        var size = VideoFrame.SizeOf(width, height);
        Interlocked.Add(ref _rentedBytes, size);
        if (_bySize.TryGetValue(size, out var bag) && bag.TryTake(out var buffer))
        {
            Interlocked.Add(ref _retainedBytes, -size);
        }
        else
        {
            buffer = GC.AllocateUninitializedArray<byte>(size);
        }

        return new VideoFrame(this, buffer, width, height);
    }

    internal void Return(byte[] buffer)
    {
        Interlocked.Add(ref _rentedBytes, -buffer.Length);
        if (Interlocked.Add(ref _retainedBytes, buffer.Length) <= maximumRetainedBytes)
        {
            _bySize.GetOrAdd(buffer.Length, static _ => []).Add(buffer);
        }
        else
        {
            Interlocked.Add(ref _retainedBytes, -buffer.Length);
        }
    }
}
