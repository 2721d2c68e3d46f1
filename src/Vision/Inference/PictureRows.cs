using System.Buffers;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Inference;

/// <summary>
/// A picture at the size it has inside a model's input, as rows of colour channels in the model's order. Rows are asked
/// for from the top down; they stay in the nearest cache between the steps.
/// </summary>
internal ref struct PictureRows : IDisposable
{
    private readonly PlaneScaler _planes;
    private readonly byte[] _rented;
    private readonly int _width;
    private readonly ColorOrder _order;
    private ReadOnlySpan<byte> _u;
    private ReadOnlySpan<byte> _v;

    public PictureRows(ReadOnlySpan<byte> i420, int width, int height, Placement placement, ColorOrder order)
    {
        (_width, _order) = (placement.Width, order);
        _planes = new PlaneScaler(i420, width, height, placement.Width, placement.Height);
        _rented = ArrayPool<byte>.Shared.Rent(_width * 8);
    }

    /// <summary>Room for one row of each channel, at the caller's disposal.</summary>
    public readonly Span<byte> Channel(int index) => _rented.AsSpan(_width * (2 + index), _width);

    /// <summary>Room for one row of interleaved channels, at the caller's disposal.</summary>
    public readonly Span<byte> Interleaved => _rented.AsSpan(_width * 5, _width * 3);

    /// <summary>Reads one row into the channels; for grey only into the first.</summary>
    public void Read(int row, Span<byte> first, Span<byte> second, Span<byte> third)
    {
        var luma = _planes.Y(row, _rented.AsSpan(0, _width));
        if (_order == ColorOrder.Gray)
        {
            ColorRow.Gray(luma, first);
            return;
        }

        if (row % 2 == 0)
        {
            _u = _planes.U(row / 2, _rented.AsSpan(_width, _width / 2));
            _v = _planes.V(row / 2, _rented.AsSpan(_width * 3 / 2, _width / 2));
        }

        if (_order == ColorOrder.Rgb)
        {
            ColorRow.Convert(luma, _u, _v, first, second, third);
        }
        else
        {
            ColorRow.Convert(luma, _u, _v, third, second, first);
        }
    }

    public readonly void Dispose()
    {
        _planes.Dispose();
        ArrayPool<byte>.Shared.Return(_rented);
    }
}
