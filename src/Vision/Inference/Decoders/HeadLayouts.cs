namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>Which outputs of a model have the shapes that a decoder reads. An open axis fits anything.</summary>
internal static class HeadLayouts
{
    /// <summary>Most rows of a head that does its own suppression.</summary>
    private const int MostEndToEndRows = 1000;

    private static readonly string[] YunetParts = ["cls", "obj", "bbox"];

    /// <summary>Every way to read the outputs with this decoder.</summary>
    /// <param name="kind">The decoder.</param>
    /// <param name="contract">The model.</param>
    /// <param name="size">Of the model's input: says how many boxes its grids have.</param>
    /// <param name="labels">How many class names are known; tells layouts apart where shapes do not.</param>
    public static IReadOnlyList<OutputHead> Find(DecoderKind kind, ModelContract contract, InputSize size, int? labels) =>
        kind switch
        {
            DecoderKind.Yunet => YunetHead(contract.Outputs),
            DecoderKind.Ssd => SsdHeads(contract.Outputs),
            _ => [.. Enumerable.Range(0, contract.Outputs.Count)
                .Where(i => contract.Outputs[i].Type == TensorType.Real32)
                .Select(i => SingleHead(kind, i, contract.Outputs[i].Shape, size, labels))
                .OfType<OutputHead>()],
        };

    private static OutputHead? SingleHead(
        DecoderKind kind, int output, IReadOnlyList<int> shape, InputSize size, int? labels) => kind switch
        {
            DecoderKind.Classifier => ClassifierHead(output, shape),
            _ when shape.Count != 3 => null,
            DecoderKind.Yolov5 => RowHead(kind, output, shape, boxes => size.FitsAnchored(boxes)),
            DecoderKind.Yolox => RowHead(kind, output, shape, boxes => boxes == size.AnchorFree),
            DecoderKind.Yolov8 => Yolov8Head(output, shape, size, labels),
            DecoderKind.EndToEnd => EndToEndHead(output, shape),
            _ => null,
        };

    private static OutputHead? RowHead(DecoderKind kind, int output, IReadOnlyList<int> shape, Func<int, bool> boxes) =>
        (IsOpen(shape[1]) || boxes(shape[1])) && (IsOpen(shape[2]) || shape[2] >= 6)
            ? new OutputHead(kind, [output], Behind(shape[2], 5))
            : null;

    private static OutputHead? Yolov8Head(int output, IReadOnlyList<int> shape, InputSize size, int? labels)
    {
        var planes = Yolov8Head(output, channels: shape[1], boxes: shape[2], size, rowMajor: false);
        var rows = Yolov8Head(output, channels: shape[2], boxes: shape[1], size, rowMajor: true);
        if (planes is null || rows is null)
        {
            return planes ?? rows;
        }

        // Both ways fit: the class names decide, then the axis that is fixed.
        var rowsSay = rows.Classes is not null && (rows.Classes == labels || planes.Classes is null);
        return rowsSay && planes.Classes != labels ? rows : planes;
    }

    private static OutputHead? Yolov8Head(int output, int channels, int boxes, InputSize size, bool rowMajor) =>
        (IsOpen(boxes) || size.FitsAnchorFree(boxes)) && (IsOpen(channels) || channels >= 5)
            ? new OutputHead(DecoderKind.Yolov8, [output], Behind(channels, 4), rowMajor)
            : null;

    private static OutputHead? EndToEndHead(int output, IReadOnlyList<int> shape) =>
        shape[1] <= MostEndToEndRows && (shape[2] == 6 || (IsOpen(shape[1]) && IsOpen(shape[2])))
            ? new OutputHead(DecoderKind.EndToEnd, [output], Classes: null)
            : null;

    private static OutputHead? ClassifierHead(int output, IReadOnlyList<int> shape) =>
        shape.Count is 2 or 4 && (IsOpen(shape[1]) || shape[1] >= 2) && shape.Skip(2).All(axis => axis == 1)
            ? new OutputHead(DecoderKind.Classifier, [output], Behind(shape[1], 0))
            : null;

    private static OutputHead[] SsdHeads(IReadOnlyList<TensorContract> outputs) =>
    [
        .. from scores in Enumerable.Range(0, outputs.Count)
           from boxes in Enumerable.Range(0, outputs.Count)
           where scores != boxes && IsTable(outputs[scores]) && IsTable(outputs[boxes])
           where outputs[boxes].Shape[2] == 4 && outputs[scores].Shape[2] != 0
           where outputs[scores].Shape[1] == outputs[boxes].Shape[1]
           where outputs[scores].Shape[2] != 4 || NamesBoxes(outputs[boxes]) && !NamesBoxes(outputs[scores])
           select new OutputHead(DecoderKind.Ssd, [scores, boxes], Behind(outputs[scores].Shape[2], 0)),
    ];

    private static OutputHead[] YunetHead(IReadOnlyList<TensorContract> outputs)
    {
        int[] found =
        [
            .. from stride in StrideGrid.Strides
               from part in YunetParts
               select IndexOf(outputs, $"{part}_{stride}"),
        ];
        return found.Contains(-1) ? [] : [new OutputHead(DecoderKind.Yunet, found, Classes: 1)];
    }

    private static int IndexOf(IReadOnlyList<TensorContract> outputs, string name)
    {
        for (var i = 0; i < outputs.Count; i++)
        {
            if (outputs[i].Name == name && IsTable(outputs[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsTable(TensorContract output) => output.Type == TensorType.Real32 && output.Shape.Count == 3;

    private static bool NamesBoxes(TensorContract output) =>
        output.Name.Contains("box", StringComparison.OrdinalIgnoreCase)
        || output.Name.Contains("loc", StringComparison.OrdinalIgnoreCase);

    private static bool IsOpen(int axis) => axis < 0;

    private static int? Behind(int axis, int others) => IsOpen(axis) ? null : axis - others;
}
