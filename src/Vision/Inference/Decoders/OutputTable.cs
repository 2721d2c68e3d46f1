namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>One picture's part of an output [batch, rows, columns].</summary>
internal readonly ref struct OutputTable
{
    private OutputTable(ReadOnlySpan<float> values, int rows, int columns)
    {
        Values = values;
        (Rows, Columns) = (rows, columns);
    }

    public ReadOnlySpan<float> Values { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>One row.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.Slice(row * Columns, Columns);

    /// <summary>Cuts one picture out of a batch.</summary>
    /// <exception cref="InvalidOperationException">The model gave something else than its contract says.</exception>
    public static OutputTable Of(OutputSet outputs, int output, int picture)
    {
        var shape = outputs.Shapes[output];
        if (shape.Length != 3)
        {
            throw new InvalidOperationException($"Output {output} has {shape.Length} axes; its decoder reads 3.");
        }

        var (rows, columns) = (shape[1], shape[2]);
        return new OutputTable(Picture(outputs, output, picture, rows * columns), rows, columns);
    }

    /// <summary>The values of one picture of a batch, whatever the axes behind the first.</summary>
    /// <exception cref="InvalidOperationException">The output has no such picture.</exception>
    public static ReadOnlySpan<float> Picture(OutputSet outputs, int output, int picture, int length)
    {
        var values = outputs.Tensors[output].Span;
        return picture >= 0 && (picture + 1L) * length <= values.Length
            ? values.Slice(picture * length, length)
            : throw new InvalidOperationException(
                $"Output {output} holds {values.Length} values; picture {picture} needs {length} of its own.");
    }
}
