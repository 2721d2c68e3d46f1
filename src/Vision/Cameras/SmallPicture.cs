using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>A luma plane at 100 rows or fewer: each pixel the average of its area, then blurred 3x3 (1 2 1, edge repeating).</summary>
internal sealed class SmallPicture
{
    private const int MostRows = 100;

    // More rows than this could overflow a 16-bit sum of bytes.
    private const int MostRowsPerSum = 257;

    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private readonly ushort[] _sums;
    private readonly uint[] _areas;
    private readonly int[] _columns;
    private readonly byte[] _averages;
    private readonly byte[] _pixels;

    public SmallPicture(int sourceWidth, int sourceHeight)
    {
        (_sourceWidth, _sourceHeight) = (sourceWidth, sourceHeight);
        Height = Math.Min(MostRows, sourceHeight);
        Width = Math.Clamp((int)Math.Round((double)sourceWidth * Height / sourceHeight), 1, sourceWidth);
        _sums = new ushort[sourceWidth];
        _areas = new uint[Width];
        _columns = [.. Enumerable.Range(0, Width + 1).Select(x => Bound(x, sourceWidth, Width))];
        _averages = new byte[Width * Height];
        _pixels = new byte[Width * Height];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The last picture taken.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>True for planes of the size this was made for.</summary>
    public bool Fits(int sourceWidth, int sourceHeight) => (sourceWidth, sourceHeight) == (_sourceWidth, _sourceHeight);

    /// <summary>Takes the next plane.</summary>
    public void Take(ReadOnlySpan<byte> luma)
    {
        for (var row = 0; row < Height; row++)
        {
            var (first, end) = (Bound(row, _sourceHeight, Height), Bound(row + 1, _sourceHeight, Height));
            Average(luma[(first * _sourceWidth)..(end * _sourceWidth)], end - first, _averages.AsSpan(row * Width, Width));
        }

        Blur();
    }

    private static int Bound(int index, int source, int target) => (int)((long)index * source / target);

    private void Average(ReadOnlySpan<byte> band, int rows, Span<byte> target)
    {
        _areas.AsSpan().Clear();
        for (var first = 0; first < rows; first += MostRowsPerSum)
        {
            var end = Math.Min(rows, first + MostRowsPerSum);
            _sums.AsSpan().Clear();
            for (var row = first; row < end; row++)
            {
                AddRow(band.Slice(row * _sourceWidth, _sourceWidth), _sums);
            }

            AddAreas();
        }

        for (var x = 0; x < target.Length; x++)
        {
            var count = (uint)((_columns[x + 1] - _columns[x]) * rows);
            target[x] = (byte)((_areas[x] + (count / 2)) / count);
        }
    }

    private void AddAreas()
    {
        for (var x = 0; x < _areas.Length; x++)
        {
            var sum = 0u;
            foreach (var column in _sums.AsSpan(_columns[x].._columns[x + 1]))
            {
                sum += column;
            }

            _areas[x] += sum;
        }
    }

    private static void AddRow(ReadOnlySpan<byte> row, Span<ushort> sums)
    {
        ref var pixels = ref MemoryMarshal.GetReference(row);
        ref var totals = ref MemoryMarshal.GetReference(sums);
        var x = 0;
        for (; x <= row.Length - Vector256<byte>.Count; x += Vector256<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref pixels, (nuint)x));
            var second = x + Vector256<ushort>.Count;
            (low + Vector256.LoadUnsafe(ref totals, (nuint)x)).StoreUnsafe(ref totals, (nuint)x);
            (high + Vector256.LoadUnsafe(ref totals, (nuint)second)).StoreUnsafe(ref totals, (nuint)second);
        }

        for (; x < row.Length; x++)
        {
            sums[x] += row[x];
        }
    }

    private void Blur()
    {
        var columns = _sums.AsSpan(0, Width);
        for (var y = 0; y < Height; y++)
        {
            var above = _averages.AsSpan(Math.Max(y - 1, 0) * Width, Width);
            var here = _averages.AsSpan(y * Width, Width);
            var below = _averages.AsSpan(Math.Min(y + 1, Height - 1) * Width, Width);
            var target = _pixels.AsSpan(y * Width, Width);
            for (var x = 0; x < columns.Length; x++)
            {
                columns[x] = (ushort)(above[x] + (2 * here[x]) + below[x]);
            }

            var (left, middle) = (columns[0], columns[0]);
            for (var x = 0; x < target.Length; x++)
            {
                var right = x + 1 < columns.Length ? columns[x + 1] : middle;
                target[x] = (byte)((left + (2 * middle) + right + 8) / 16);
                (left, middle) = (middle, right);
            }
        }
    }
}
