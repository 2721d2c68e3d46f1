namespace OrleansAiFleet.Vision.Cameras;

/// <summary>How one plane comes from its size to another.</summary>
internal readonly ref struct PlaneAxes
{
    private readonly int _width;
    private readonly int _height;
    private readonly int _targetWidth;
    private readonly int _targetHeight;
    private readonly Span<int> _indices;
    private readonly Span<int> _weights;

    /// <param name="width">Of the plane.</param>
    /// <param name="height">Of the plane.</param>
    /// <param name="targetWidth">Wanted.</param>
    /// <param name="targetHeight">Wanted.</param>
    /// <param name="taps">Memory for the taps of a row: two per pixel of the target row.</param>
    public PlaneAxes(int width, int height, int targetWidth, int targetHeight, Span<int> taps)
    {
        (_width, _height, _targetWidth, _targetHeight) = (width, height, targetWidth, targetHeight);
        _indices = taps[..targetWidth];
        _weights = taps.Slice(targetWidth, targetWidth);
        if (!IsSameSize)
        {
            Taps.Fill(width, _indices, _weights);
        }
    }

    private bool IsSameSize => _width == _targetWidth && _height == _targetHeight;

    /// <summary>One row of the scaled plane, in <paramref name="buffer"/> unless the plane's own row serves.</summary>
    public ReadOnlySpan<byte> Row(ReadOnlySpan<byte> plane, int row, Span<short> blended, Span<byte> buffer)
    {
        if (IsSameSize)
        {
            return plane.Slice(row * _width, _width);
        }

        var (index, fraction) = Taps.At(row, _height, _targetHeight);
        var upper = plane.Slice(index * _width, _width);
        var lower = fraction == 0 ? upper : plane.Slice((index + 1) * _width, _width);
        RowBlend.Blend(upper, lower, (short)Math.Min(short.MaxValue, Math.Round(fraction * 32768)), blended);
        blended[_width] = 0;
        var target = buffer[.._targetWidth];
        RowSampling.Sample(blended[..(_width + 1)], _indices, _weights, target);
        return target;
    }
}
