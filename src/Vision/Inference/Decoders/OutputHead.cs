namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>Where a decoder's values stand among a model's outputs.</summary>
/// <param name="Kind">Which decoder.</param>
/// <param name="Outputs">
/// Indices of the outputs it reads: one; for SSD scores, boxes; for YuNet cls, obj, bbox per stride.
/// </param>
/// <param name="Classes">How many classes the shapes say, background included; null where they leave it open.</param>
/// <param name="RowMajor">One row per box where the decoder's usual layout is one row per class.</param>
internal sealed record OutputHead(
    DecoderKind Kind, IReadOnlyList<int> Outputs, int? Classes, bool RowMajor = false)
{
    /// <exception cref="InvalidOperationException">The model gave something else than its contract says.</exception>
    public void RequireColumns(in OutputTable table, int columns)
    {
        if (table.Columns != columns)
        {
            throw Unexpected(table, $"{columns} columns");
        }
    }

    /// <exception cref="InvalidOperationException">The model gave something else than its contract says.</exception>
    public void RequireRows(in OutputTable table, int rows)
    {
        if (table.Rows != rows)
        {
            throw Unexpected(table, $"{rows} rows");
        }
    }

    private InvalidOperationException Unexpected(in OutputTable table, string expected) =>
        new($"The {Kind} head gave {table.Rows} rows of {table.Columns} columns, not {expected}.");
}
