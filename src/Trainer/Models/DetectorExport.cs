using OrleansAiFleet.Trainer.Training;

using TorchSharp.Modules;

using static TorchSharp.torch;

namespace OrleansAiFleet.Trainer.Models;

/// <summary>
/// Writes a trained detector as ONNX with the contract of a YOLOv8 detector: <c>images</c> [batch, 3, height, width] RGB 0
/// to 1, <c>output0</c> [batch, 4 + classes, cells], and Ultralytics' metadata keys. Batch normalisation is folded away.
/// </summary>
internal static class DetectorExport
{
    /// <summary>Writes the file whole or not at all.</summary>
    public static void Write(DetectorNetwork network, DetectorLayout layout, IReadOnlyList<string> classes, string path)
    {
        var draft = path + ".new";
        var file = Build(network, layout, classes);
        try
        {
            File.WriteAllBytes(draft, file);
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    internal static byte[] Build(DetectorNetwork network, DetectorLayout layout, IReadOnlyList<string> classes)
    {
        var graph = new OnnxGraph();
        graph.Input("images", -1, 3, layout.Height, layout.Width);
        var raw = Heads(graph, network, layout, Levels(graph, network, "images"));
        var cells = layout.Cells.Count;
        var boxes = Boxes(graph, layout, Slice(graph, raw, 0, 4));
        var scores = graph.Node("Sigmoid", [Slice(graph, raw, 4, layout.Outputs)]);
        graph.Output("output0", graph.Node("Concat", [boxes, scores], ("axis", 1L)), -1, layout.Outputs, cells);
        graph.Metadata("task", "detect");
        graph.Metadata("stride", "32");
        graph.Metadata("imgsz", $"[{layout.Height}, {layout.Width}]");
        graph.Metadata("names", "{" + string.Join(", ", classes.Select((name, i) => $"{i}: '{Quoted(name)}'")) + "}");
        return graph.ToFile();
    }

    // As Python writes a string between single quotes.
    private static string Quoted(string name) =>
        name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string[] Levels(OnnxGraph graph, DetectorNetwork network, string input)
    {
        var levels = new string[3];
        for (var i = 0; i < network.Backbone.Count; i++)
        {
            input = Block(graph, network.Backbone[i], input);
            if (DetectorLayout.Backbone[i].Level is var level and >= 0)
            {
                levels[level] = input;
            }
        }

        var scales = graph.Constant([1f, 1, 2, 2], 4);
        for (var level = 1; level >= 0; level--)
        {
            var above = Block(graph, network.Laterals[level], levels[level + 1]);
            var enlarged = graph.Node(
                "Resize",
                [above, "", scales],
                ("mode", "nearest"),
                ("coordinate_transformation_mode", "asymmetric"),
                ("nearest_mode", "floor"));
            levels[level] = Block(graph, network.Fusions[level], graph.Node("Add", [levels[level], enlarged]));
        }

        return levels;
    }

    private static string Heads(OnnxGraph graph, DetectorNetwork network, DetectorLayout layout, string[] levels)
    {
        var shape = graph.Constant([0L, layout.Outputs, -1]);
        var maps = levels.Select((map, level) =>
            graph.Node("Reshape", [Head(graph, network.Heads[level], Block(graph, network.Stems[level], map)), shape]));
        return graph.Node("Concat", [.. maps], ("axis", 2L));
    }

    // Distances become centre and size by one 1x1 convolution and an addition: cx = x + (right - left) / 2, w = left + right.
    private static string Boxes(OnnxGraph graph, DetectorLayout layout, string logarithms)
    {
        var cells = layout.Cells;
        var strides = graph.Constant(cells.Select(cell => (float)cell.Stride).ToArray(), 1, 1, cells.Count);
        var centres = cells.Select(cell => cell.X).Concat(cells.Select(cell => cell.Y))
            .Concat(Enumerable.Repeat(0f, 2 * cells.Count)).ToArray();
        var distances = graph.Node("Mul", [graph.Node("Exp", [logarithms]), strides]);
        var toBox = graph.Constant(
            [-0.5f, 0, 0.5f, 0, 0, -0.5f, 0, 0.5f, 1, 0, 1, 0, 0, 1, 0, 1], 4, 4, 1);
        var offsets = graph.Node("Conv", [distances, toBox], ("kernel_shape", (long[])[1]));
        return graph.Node("Add", [offsets, graph.Constant(centres, 1, 4, cells.Count)]);
    }

    private static string Slice(OnnxGraph graph, string tensor, long from, long to) =>
        graph.Node("Slice", [tensor, graph.Constant([from]), graph.Constant([to]), graph.Constant([1L])]);

    private static string Block(OnnxGraph graph, ConvolutionBlock block, string input)
    {
        var (weights, bias, shape) = block.Fold();
        var padding = (long)(block.Kernel / 2);
        var convolution = graph.Node(
            "Conv",
            [input, graph.Constant(weights, shape), graph.Constant(bias, bias.Length)],
            ("kernel_shape", (long[])[block.Kernel, block.Kernel]),
            ("strides", (long[])[block.Stride, block.Stride]),
            ("pads", (long[])[padding, padding, padding, padding]));
        return graph.Node("Relu", [convolution]);
    }

    private static string Head(OnnxGraph graph, Conv2d head, string input)
    {
        using var scope = NewDisposeScope();
        var weights = head.weight!.detach().contiguous().data<float>().ToArray();
        var bias = head.bias!.detach().contiguous().data<float>().ToArray();
        return graph.Node(
            "Conv",
            [input, graph.Constant(weights, head.weight.shape), graph.Constant(bias, bias.Length)],
            ("kernel_shape", (long[])[1, 1]));
    }
}
