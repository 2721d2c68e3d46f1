using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

/// <summary>Writes objects the way a model of each family would: the inverse of its decoder, with weak noise around.</summary>
internal sealed class SyntheticHead
{
    public const int Width = 416;
    public const int Height = 256;
    public const int Batch = 2;

    /// <summary>A 1280 × 720 picture letterboxed into the input: 416 × 234, 11 above and below.</summary>
    public static readonly PictureTransform Transform = new(0, 11, 1f / Width, 1f / 234);

    private static readonly int[] Strides = [8, 16, 32];
    private readonly List<(string Name, int[] Shape, float[] Values)> _outputs = [];
    private readonly Random _noise = new(1);

    public static int Cells => Strides.Sum(CellsOf);

    public ModelContract Contract => new(
        [new TensorContract("images", TensorType.Real32, [-1, 3, Height, Width])],
        [.. _outputs.Select(output => new TensorContract(output.Name, TensorType.Real32, [-1, .. output.Shape]))],
        new Dictionary<string, string>());

    public OutputSet Outputs => new(
        [.. _outputs.Select(output => new ReadOnlyMemory<float>(output.Values))],
        [.. _outputs.Select(output => (int[])[Batch, .. output.Shape])]);

    public static ModelProfile Profile(DecoderKind kind, int classes) => new()
    {
        Input = new InputSpec { Width = Width, Height = Height },
        Decoder = kind,
        Classes = [.. Enumerable.Range(0, classes).Select(i => $"class_{i}")],
        BackgroundClass = kind == DecoderKind.Ssd ? 0 : null,
    };

    /// <summary>The objects as the second picture of a batch; the first one is empty.</summary>
    public static SyntheticHead Encode(DecoderKind kind, IReadOnlyList<ObjectBox> objects, bool rowMajor = false)
    {
        var head = new SyntheticHead();
        switch (kind)
        {
            case DecoderKind.Yolov5:
                head.AddRows("output", 3 * Cells, 5 + Scene.Classes, objects, head.Yolov5Row);
                break;
            case DecoderKind.Yolov8 when rowMajor:
                head.AddRows("output0", Cells, 4 + Scene.Classes, objects, head.Yolov8Row);
                break;
            case DecoderKind.Yolov8:
                head.AddRows("output0", Cells, 4 + Scene.Classes, objects, head.Yolov8Row);
                head.Transpose();
                break;
            case DecoderKind.EndToEnd:
                head.AddRows("output0", 300, 6, objects, EndToEndRow);
                break;
            case DecoderKind.Yolox:
                head.AddGrid("output", 5 + Scene.Classes, objects, head.YoloxRow, Strides);
                break;
            case DecoderKind.Ssd:
                head.AddRows("boxes", 500, 4, objects, SsdBox);
                head.AddRows("scores", 500, 1 + Scene.Classes, objects, head.SsdScores);
                break;
            case DecoderKind.Yunet:
                head.AddYunet(objects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }

        return head;
    }

    private void AddYunet(IReadOnlyList<ObjectBox> objects)
    {
        foreach (var stride in Strides)
        {
            // Each object on one stride only, as a trained head has it.
            ObjectBox[] here = [.. objects.Where((_, i) => Strides[i % Strides.Length] == stride)];
            AddGrid($"cls_{stride}", 1, here, (box, row, _) => row[0] = box is { } face ? face.Confidence / 0.98f : 0.1f, stride);
            AddGrid($"obj_{stride}", 1, here, (box, row, _) => row[0] = box is { } face ? face.Confidence * 0.98f : 0.1f, stride);
            AddGrid($"bbox_{stride}", 4, here, (box, row, cell) => GridBox(box, row, cell), stride);
            AddGrid($"kps_{stride}", 10, here, (_, _, _) => { }, stride);
        }
    }

    private void AddRows(
        string name, int rows, int columns, IReadOnlyList<ObjectBox> objects, Action<ObjectBox?, Span<float>> write)
    {
        var values = new float[Batch * rows * columns];
        for (var row = 0; row < Batch * rows; row++)
        {
            // The objects stand in the middle of the second picture's rows.
            var item = row - rows - (rows / 2);
            var box = item >= 0 && item < objects.Count ? objects[item] : (ObjectBox?)null;
            write(box, values.AsSpan(row * columns, columns));
        }

        _outputs.Add((name, [rows, columns], values));
    }

    private void AddGrid(
        string name, int columns, IReadOnlyList<ObjectBox> objects, GridRow write, params int[] strides)
    {
        var rows = strides.Sum(CellsOf);
        var values = new float[Batch * rows * columns];
        var row = 0;
        for (var picture = 0; picture < Batch; picture++)
        {
            foreach (var stride in strides)
            {
                for (var cell = 0; cell < CellsOf(stride); cell++)
                {
                    var at = new Cell(stride, cell % (Width / stride), cell / (Width / stride));
                    write(picture == 1 ? Find(objects, at, strides) : null, values.AsSpan(row++ * columns, columns), at);
                }
            }
        }

        _outputs.Add((name, [rows, columns], values));
    }

    private static ObjectBox? Find(IReadOnlyList<ObjectBox> objects, Cell cell, int[] strides)
    {
        for (var i = 0; i < objects.Count; i++)
        {
            if (IsAt(objects[i], i, cell, strides))
            {
                return objects[i];
            }
        }

        return null;
    }

    private static bool IsAt(ObjectBox box, int index, Cell cell, int[] strides)
    {
        var (x, y, _, _) = ToInput(box);
        return strides[index % strides.Length] == cell.Stride
            && (int)(x / cell.Stride) == cell.Column
            && (int)(y / cell.Stride) == cell.Row;
    }

    private void Transpose()
    {
        var (name, shape, values) = _outputs[^1];
        var turned = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (picture, row, column) = (i / (shape[0] * shape[1]), i / shape[1] % shape[0], i % shape[1]);
            turned[(((picture * shape[1]) + column) * shape[0]) + row] = values[i];
        }

        _outputs[^1] = (name, [shape[1], shape[0]], turned);
    }

    private void Yolov5Row(ObjectBox? box, Span<float> row)
    {
        Centred(box, row);
        row[4] = box is null ? Weak() : 0.98f;
        Scores(box, row[5..], box is null ? 0 : box.Value.Confidence / 0.98f);
    }

    private void Yolov8Row(ObjectBox? box, Span<float> row)
    {
        Centred(box, row);
        Scores(box, row[4..], box?.Confidence ?? 0);
    }

    private void YoloxRow(ObjectBox? box, Span<float> row, Cell cell)
    {
        GridBox(box, row, cell);
        row[4] = box is null ? Weak() : 0.98f;
        Scores(box, row[5..], box is null ? 0 : box.Value.Confidence / 0.98f);
    }

    private static void EndToEndRow(ObjectBox? box, Span<float> row)
    {
        if (box is not { } found)
        {
            row.Fill(-1);
            return;
        }

        var (x, y, width, height) = ToInput(found);
        (row[0], row[1], row[2], row[3]) = (x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2));
        (row[4], row[5]) = (found.Confidence, found.ClassId);
    }

    private static void SsdBox(ObjectBox? box, Span<float> row)
    {
        var (x, y, width, height) = ToInput(box ?? new ObjectBox(0, 0, 0.4f, 0.4f, 0.1f, 0.1f));
        (row[0], row[1]) = ((x - (width / 2)) / Width, (y - (height / 2)) / Height);
        (row[2], row[3]) = ((x + (width / 2)) / Width, (y + (height / 2)) / Height);
    }

    private void SsdScores(ObjectBox? box, Span<float> row)
    {
        row[0] = 0.99f;
        Scores(box, row[1..], box?.Confidence ?? 0);
    }

    private static void GridBox(ObjectBox? box, Span<float> row, Cell cell)
    {
        var (x, y, width, height) = ToInput(box ?? new ObjectBox(0, 0, 0.4f, 0.4f, 0.1f, 0.1f));
        (row[0], row[1]) = ((x / cell.Stride) - cell.Column, (y / cell.Stride) - cell.Row);
        (row[2], row[3]) = (MathF.Log(width / cell.Stride), MathF.Log(height / cell.Stride));
    }

    private static void Centred(ObjectBox? box, Span<float> row) =>
        (row[0], row[1], row[2], row[3]) = ToInput(box ?? new ObjectBox(0, 0, 0.4f, 0.4f, 0.1f, 0.1f));

    private void Scores(ObjectBox? box, Span<float> scores, float confidence)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = box?.ClassId == i ? confidence : Weak();
        }
    }

    private float Weak() => 0.2f * _noise.NextSingle();

    private static (float X, float Y, float Width, float Height) ToInput(ObjectBox box) =>
    (
        ((box.X + (box.Width / 2)) / Transform.FactorX) + Transform.OffsetX,
        ((box.Y + (box.Height / 2)) / Transform.FactorY) + Transform.OffsetY,
        box.Width / Transform.FactorX,
        box.Height / Transform.FactorY);

    private static int CellsOf(int stride) => Width / stride * (Height / stride);

    private delegate void GridRow(ObjectBox? box, Span<float> row, Cell cell);

    private readonly record struct Cell(int Stride, int Column, int Row);
}
