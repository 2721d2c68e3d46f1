using System.Runtime.InteropServices;

using static OrleansAiFleet.Testing.OnnxWriter;

namespace OrleansAiFleet.Testing;

/// <summary>Small real ONNX files, written field by field (onnx.proto; the numbers are its field numbers).</summary>
public static class TinyModels
{
    /// <summary>Width and height of their input.</summary>
    public const int Side = 8;

    /// <summary>[batch, 3, 8, 8] to the mean of each channel, [batch, 3, 1, 1].</summary>
    /// <param name="batch">Null leaves the batch axis open.</param>
    /// <param name="hidesOutputShape">Declares the output's sides as open.</param>
    public static byte[] ChannelMeans(int? batch = null, bool hidesOutputShape = false) => Model(
        [Node("GlobalAveragePool", ["picture"], ["means"])],
        [],
        Tensor("picture", Dimension(batch, "batch"), 3, Side, Side),
        hidesOutputShape ? Tensor("means", "b", "c", "h", "w") : Tensor("means", Dimension(batch, "batch"), 3, 1, 1));

    /// <summary>Gives the picture back: what no decoder can read.</summary>
    public static byte[] PictureToPicture() => Model(
        [Node("Relu", ["picture"], ["positive"])],
        [],
        Tensor("picture", "batch", 3, Side, Side),
        Tensor("positive", "batch", 3, Side, Side));

    /// <summary>Says that it takes any batch, but runs only one picture.</summary>
    public static byte[] OnePictureInDisguise() => Model(
        [Node("Reshape", ["picture", "sides"], ["flat"])],
        [Message(5, [.. Field(1, 2), .. Field(2, Integer64), .. Text(8, "sides"), .. Bytes(9, Longs(1, 3 * Side * Side))])],
        Tensor("picture", "batch", 3, Side, Side),
        Tensor("flat", "rows", 3 * Side * Side));

    /// <summary>Has no batch axis.</summary>
    public static byte[] WithoutBatchAxis() => Model(
        [Node("Relu", ["picture"], ["positive"])], [], Tensor("picture", 3, Side, Side), Tensor("positive", 3, Side, Side));

    /// <summary>Uses an operator nobody knows.</summary>
    public static byte[] WithUnknownOperator() => Model(
        [Node("Frobnicate", ["picture"], ["out"], "com.example")],
        [],
        Tensor("picture", "batch", 3, Side, Side),
        Tensor("out", "batch", 3, Side, Side),
        [.. Message(8, [.. Text(1, "com.example"), .. Field(2, 1)])]);

    /// <summary>Keeps a weight in a file beside it.</summary>
    public static byte[] WithExternalWeights() => Model(
        [Node("Add", ["picture", "bias"], ["out"])],
        [Message(5, [.. Field(1, 1), .. Field(2, Real32), .. Text(8, "bias"),
            .. Message(13, [.. Text(1, "location"), .. Text(2, "../../etc/passwd")]), .. Field(14, 1)])],
        Tensor("picture", "batch", 3, Side, Side),
        Tensor("out", "batch", 3, Side, Side));

    /// <summary>Small in nothing but its input: two layers, the second with most of the weights, all of them random.</summary>
    /// <param name="bytes">About so many in the file, at least 8 MiB.</param>
    public static byte[] Heavy(int bytes)
    {
        const int Inner = 8192;
        var outputs = (bytes / (sizeof(float) * Inner)) - (3 * Side * Side);
        return Model(
            [
                Node("Flatten", ["picture"], ["flat"]),
                Node("MatMul", ["flat", "first"], ["inner"]),
                Node("MatMul", ["inner", "second"], ["scores"]),
            ],
            [Weights("first", 3 * Side * Side, Inner), Weights("second", Inner, outputs)],
            Tensor("picture", "batch", 3, Side, Side),
            Tensor("scores", "batch", outputs));
    }

    private static byte[] Weights(string name, int rows, int columns)
    {
        var random = new Random(rows);
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() - 0.5f) / 100;
        }

        return Message(5,
        [
            .. Field(1, (ulong)rows),
            .. Field(1, (ulong)columns),
            .. Field(2, Real32),
            .. Text(8, name),
            .. Bytes(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()),
        ]);
    }
}
