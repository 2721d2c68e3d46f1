using System.Buffers;
using System.Runtime.InteropServices;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// Memory outside the garbage-collected heap, zeroed, aligned for vector loads. Freed when disposed, not some time
/// later: unloading a model gives its memory back.
/// </summary>
internal sealed unsafe class NativeBuffer<T> : MemoryManager<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private T* _start;

    public NativeBuffer(int length)
    {
        Length = length;
        _start = (T*)NativeMemory.AlignedAlloc(checked((nuint)length * (nuint)sizeof(T)), Alignment);
        NativeMemory.Clear(_start, (nuint)length * (nuint)sizeof(T));
    }

    /// <summary>In elements.</summary>
    public int Length { get; }

    public nint Address => (nint)_start;

    /// <exception cref="ObjectDisposedException">It was freed.</exception>
    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new Span<T>(_start, Length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new MemoryHandle(_start + elementIndex);
    }

    public override void Unpin()
    {
    }

    public void Dispose() => ((IDisposable)this).Dispose();

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
