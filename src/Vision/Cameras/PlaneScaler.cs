using System.Buffers;
using System.Runtime.InteropServices;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>
/// Scales the planes of one I420 picture row by row (bilinear, see <see cref="Taps"/>). Holds rented memory only:
/// nothing is allocated once the pool is warm, and any number of threads may each have their own.
/// </summary>
internal readonly ref struct PlaneScaler : IDisposable
{
    private readonly byte[] _rented;
    private readonly Span<short> _blended;
    private readonly PlaneAxes _luma;
    private readonly PlaneAxes _chroma;
    private readonly ReadOnlySpan<byte> _y;
    private readonly ReadOnlySpan<byte> _u;
    private readonly ReadOnlySpan<byte> _v;

    /// <summary>Prepares one picture; all four sides even.</summary>
    public PlaneScaler(ReadOnlySpan<byte> i420, int width, int height, int targetWidth, int targetHeight)
    {
        var luma = width * height;
        _y = i420[..luma];
        _u = i420.Slice(luma, luma / 4);
        _v = i420.Slice(luma * 5 / 4, luma / 4);
        var taps = targetWidth * 2 * sizeof(int);
        _rented = ArrayPool<byte>.Shared.Rent((taps * 3 / 2) + ((width + 1) * sizeof(short)));
        _luma = new PlaneAxes(width, height, targetWidth, targetHeight, MemoryMarshal.Cast<byte, int>(_rented.AsSpan(0, taps)));
        _chroma = new PlaneAxes(
            width / 2, height / 2, targetWidth / 2, targetHeight / 2, MemoryMarshal.Cast<byte, int>(_rented.AsSpan(taps, taps / 2)));
        _blended = MemoryMarshal.Cast<byte, short>(_rented.AsSpan(taps * 3 / 2, (width + 1) * sizeof(short)));
    }

    /// <summary>One row of luma; lies in <paramref name="buffer"/> or, where nothing is scaled, in the picture itself.</summary>
    public ReadOnlySpan<byte> Y(int row, Span<byte> buffer) => _luma.Row(_y, row, _blended, buffer);

    /// <summary>One row of the U plane, half as long and half as many as those of luma.</summary>
    public ReadOnlySpan<byte> U(int row, Span<byte> buffer) => _chroma.Row(_u, row, _blended, buffer);

    /// <summary>One row of the V plane, half as long and half as many as those of luma.</summary>
    public ReadOnlySpan<byte> V(int row, Span<byte> buffer) => _chroma.Row(_v, row, _blended, buffer);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);
}
