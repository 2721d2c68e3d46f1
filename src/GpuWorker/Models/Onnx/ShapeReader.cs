using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>Collects the sides of a stored tensor and counts its elements without overflow.</summary>
internal sealed class ShapeReader
{
    private readonly List<long> _sides = [];

    /// <summary>Product of the sides; 1 without any; <see cref="long.MaxValue"/> where it is more than that.</summary>
    public long Elements { get; private set; } = 1;

    /// <summary>Adds the side, or the packed sides, of the reader's field.</summary>
    /// <exception cref="ModelFaultException">One is negative, or there are too many.</exception>
    public void Add(in WireReader reader)
    {
        if (!reader.HasContent)
        {
            Add(reader.Number);
            return;
        }

        var rest = reader.Content;
        while (!rest.IsEmpty)
        {
            Add(WireReader.ReadVarint(ref rest));
        }
    }

    public override string ToString() => $"[{string.Join(',', _sides)}]";

    private void Add(ulong number)
    {
        var side = (long)number;
        if (side < 0 || _sides.Count == OnnxLimits.Axes)
        {
            throw new ModelFaultException(side < 0
                ? $"A tensor of the file has a side of {side}; sides cannot be negative: export the model anew."
                : $"A tensor of the file has more than {OnnxLimits.Axes} axes: export the model with fewer.");
        }

        _sides.Add(side);
        var product = (Int128)Elements * side;
        Elements = product > long.MaxValue ? long.MaxValue : (long)product;
    }
}
