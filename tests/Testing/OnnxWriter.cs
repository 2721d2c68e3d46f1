using System.Text;

namespace OrleansAiFleet.Testing;

/// <summary>Writes ONNX files field by field (onnx.proto; the numbers are its field numbers).</summary>
public static class OnnxWriter
{
    /// <summary>float32.</summary>
    public const int Real32 = 1;

    /// <summary>int64.</summary>
    public const int Integer64 = 7;

    public static byte[] Model(byte[][] nodes, byte[][] initializers, byte[] input, byte[] output, byte[]? moreOpsets = null) =>
    [
        .. Field(1, 8),
        .. Message(7,
        [
            .. nodes.SelectMany(node => Message(1, node)),
            .. Text(2, "tiny"),
            .. initializers.SelectMany(initializer => initializer),
            .. Message(11, input),
            .. Message(12, output),
        ]),
        .. Message(8, [.. Text(1, ""), .. Field(2, 17)]),
        .. moreOpsets ?? [],
    ];

    public static byte[] Node(string op, string[] inputs, string[] outputs, string domain = "") =>
    [
        .. inputs.SelectMany(name => Text(1, name)),
        .. outputs.SelectMany(name => Text(2, name)),
        .. Text(4, op),
        .. Text(7, domain),
    ];

    public static byte[] Tensor(string name, params object[] sides) =>
    [
        .. Text(1, name),
        .. Message(2, Message(1,
        [
            .. Field(1, Real32),
            .. Message(2, [.. sides.SelectMany(side => Message(1, side is int size ? Field(1, (ulong)size) : Text(2, (string)side)))]),
        ])),
    ];

    public static object Dimension(int? size, string name) => size is { } known ? known : name;

    public static byte[] Longs(params long[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Message(int field, byte[] content) => Bytes(field, content);

    public static byte[] Bytes(int field, byte[] content) =>
        [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    public static byte[] Field(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
