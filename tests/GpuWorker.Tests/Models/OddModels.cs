using static OrleansAiFleet.Testing.OnnxWriter;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>Files that protobuf reads without complaint and that no fleet should run, with what must be said of each.</summary>
internal static class OddModels
{
    private static readonly byte[] Picture = Tensor("picture", "batch", 3, 8, 8);
    private static readonly byte[] Positive = Tensor("positive", "batch", 3, 8, 8);
    private static readonly byte[] Relu = Node("Relu", ["picture"], ["positive"]);

    /// <summary>Name, file, and a part of the sentence that refuses it.</summary>
    public static IReadOnlyDictionary<string, (byte[] File, string Says)> All { get; } = new Dictionary<string, (byte[], string)>
    {
        ["empty"] = ([], "not an ONNX model"),
        ["text"] = ("no model"u8.ToArray(), "not an ONNX model"),
        ["two graphs"] = ([.. Simple(), .. Message(7, Message(1, Relu))], "not an ONNX model"),
        ["two gigabytes in one field"] = ([.. Varint((7 << 3) | 2), .. Varint(int.MaxValue), 1, 2, 3], "not an ONNX model"),
        ["endless number"] = ([8, .. Enumerable.Repeat((byte)0xFF, 20)], "not an ONNX model"),
        ["new format"] = ([.. Simple(), .. Field(1, 99)], "IR version 99; versions 1 to 13"),
        ["new operators"] = (WithOpset("", 99), "opset 99 of \"ai.onnx\"; opsets 7 to 26"),
        ["old operators"] = (WithOpset("", 3), "opset 3 of \"ai.onnx\"; opsets 7 to 26"),
        ["new operators of Microsoft"] = ([.. Simple(), .. Opset("com.microsoft", 7)], "opset 7 of \"com.microsoft\"; opsets 1 to 1"),
        ["one domain twice"] = ([.. Simple(), .. Opset("ai.onnx", 17)], "twice"),
        ["foreign operator"] = (Graph([Node("Frobnicate", ["picture"], ["positive"], "com.example")]), "\"Frobnicate\" of domain \"com.example\""),
        ["operator that reads files"] = (Graph([Node("EPContext", ["picture"], ["positive"], "com.microsoft")]), "reads other files"),
        ["training"] = ([.. Simple(), .. Message(20, [])], "training"),
        ["weights outside"] = (Graph([Relu], Message(5, [.. Field(2, Real32), .. Text(8, "w"), .. Field(14, 1)])), "in other files (tensor \"w\")"),
        ["weights outside, in an attribute"] = (
            Graph([[.. Relu, .. Message(5, Message(5, [.. Text(8, "w"), .. Message(13, Text(1, "location"))]))]]), "in other files (tensor \"w\")"),
        ["weights outside, in a sparse tensor"] = (
            Graph([Relu], Message(15, Message(1, [.. Field(2, Real32), .. Text(8, "w"), .. Field(14, 1)]))), "in other files (tensor \"w\")"),
        ["weights outside, in a function"] = (
            [.. Simple(), .. Message(25, [.. Text(1, "f"), .. Message(7, [.. Relu, .. Message(5, Message(5, [.. Text(8, "w"), .. Field(14, 1)]))])])],
            "in other files (tensor \"w\")"),
        ["more elements than bytes"] = (
            Graph([Relu], Weight([1 << 20, 1 << 20], Bytes(9, new byte[16]))), "[1048576,1048576] (1099511627776 elements), but the file holds 16 bytes"),
        ["elements beyond counting"] = (
            Graph([Relu], Weight([long.MaxValue, long.MaxValue], Bytes(9, new byte[16]))), "9223372036854775807 elements"),
        ["more elements than numbers"] = (Graph([Relu], Weight([1000], Bytes(4, new byte[16]))), "(1000 elements), but the file holds 4 numbers"),
        ["negative side"] = (Graph([Relu], Weight([-1], Bytes(9, new byte[4]))), "a side of -1"),
        ["too many sides"] = (Graph([Relu], Weight(new long[99], [])), "more than 16 axes"),
        ["unknown type"] = (Graph([Relu], Message(5, [.. Field(2, 77), .. Text(8, "w")])), "unknown type 77"),
        ["strings as bytes"] = (Graph([Relu], Message(5, [.. Field(1, 1), .. Field(2, 8), .. Text(8, "w"), .. Bytes(9, new byte[4])])), "4 bytes"),
        ["wide sparse tensor"] = (
            Graph([Relu], Message(15, [.. Message(1, [.. Field(1, 0), .. Field(2, Real32), .. Text(8, "w")]), .. Field(3, 1UL << 40)])), "sparse tensors"),
        ["negative input"] = (Model([Relu], [], [.. Text(1, "picture"), .. Shape(-5)], Positive), "a side of -5"),
        ["circle"] = (
            Graph([Node("Add", ["picture", "b"], ["a"]), Node("Relu", ["a"], ["b"]), Node("Relu", ["b"], ["positive"])]), "round in a circle"),
        ["circle through an inner graph"] = (
            Graph([If(Message(1, Node("Relu", ["positive"], ["inner"])), ["positive"])]), "round in a circle"),
        ["one name twice"] = (Graph([Relu, Node("Neg", ["picture"], ["positive"])]), "\"positive\" twice"),
        ["name of an input twice"] = (Graph([Relu, Node("Neg", ["positive"], ["picture"])]), "\"picture\" twice"),
        ["stored tensor without a name"] = (Graph([Relu], Message(5, [.. Field(2, Real32), .. Bytes(9, new byte[4])])), "without a name"),
        ["long name"] = (Graph([Node("Relu", ["picture"], [new string('a', 5000)])]), "5000 bytes where at most 1024"),
        ["deep graphs"] = (Graph([Deep(40)]), "nests graphs deeper than 16"),
        ["very deep graphs"] = (Graph([Deep(10_000)]), "nests graphs deeper than 16"),
        ["two inputs"] = (
            [
                .. Field(1, 8),
                .. Message(7, [.. Message(1, Relu), .. Message(11, Picture), .. Message(11, Tensor("other", 1)), .. Message(12, Positive)]),
                .. Opset("", 17),
            ],
            "takes 2 inputs"),
        ["no input"] = (
            [.. Field(1, 8), .. Message(7, [.. Message(1, Node("Relu", ["w"], ["positive"])), .. Message(12, Positive)]), .. Opset("", 17)], "takes 0 inputs"),
        ["function that calls itself"] = ([.. Calls("f"), .. Function("f", "f")], "call themselves"),
        ["functions that call each other"] = ([.. Calls("f"), .. Function("f", "g"), .. Function("g", "f")], "call themselves"),
        ["functions that double"] = (
            [.. Calls("f0"), .. Enumerable.Range(0, 40).SelectMany(i => Function($"f{i}", $"f{i + 1}", $"f{i + 1}")), .. Function("f40")],
            "more than 100000 nodes when"),
        ["function twice"] = ([.. Calls("f"), .. Function("f"), .. Function("f")], "defines function \"f\" twice"),
        ["many nodes"] = (Graph([.. Enumerable.Range(0, 100_001).Select(i => Node("Relu", ["picture"], [$"{i}"]))]), "more than 100000 nodes"),
        ["much metadata"] = (
            [.. Simple(), .. Enumerable.Range(0, 300).SelectMany(i => Message(14, [.. Text(1, $"{i}"), .. Text(2, "a")]))], "entries of metadata"),
        ["long metadata"] = ([.. Simple(), .. Message(14, [.. Text(1, "names"), .. Text(2, new string('a', 1 << 20))])], "bytes in one entry"),
    };

    /// <summary>What <see cref="All"/> varies: a model that runs.</summary>
    public static byte[] Simple() => Graph([Relu]);

    /// <summary>Runs for longer than anybody waits, in native code.</summary>
    public static byte[] Endless() => Classifier(
        [
            [.. Node("Loop", ["trips", "", "picture"], ["positive"]), .. Attribute("body",
            [
                .. Message(1, Node("Identity", ["condition"], ["still"])),
                .. Message(1, Node("Relu", ["carried"], ["next"])),
                .. Text(2, "body"),
                .. Message(11, Scalar("turn", Integer64)),
                .. Message(11, Scalar("condition", 9)),
                .. Message(11, Tensor("carried", "batch", 3, 8, 8)),
                .. Message(12, Scalar("still", 9)),
                .. Message(12, Tensor("next", "batch", 3, 8, 8)),
            ])],
        ],
        Message(5, [.. Field(2, Integer64), .. Text(8, "trips"), .. Bytes(9, Longs(long.MaxValue))]));

    /// <summary>Asks for 64 GiB as soon as it runs.</summary>
    public static byte[] Greedy() => Classifier(
        [
            Node("Expand", ["picture", "sides"], ["large"]),
            [.. Node("ReduceMax", ["large"], ["most"]), .. Message(5, [.. Text(1, "keepdims"), .. Field(3, 0), .. Field(20, 2)])],
            Node("Add", ["picture", "most"], ["positive"]),
        ],
        Message(5, [.. Field(1, 5), .. Field(2, Integer64), .. Text(8, "sides"), .. Bytes(9, Longs(1 << 26, 1, 3, 8, 8))]));

    private static byte[] Graph(byte[][] nodes, params byte[][] initializers) => Model(nodes, initializers, Picture, Positive);

    private static byte[] Classifier(byte[][] nodes, params byte[][] initializers) => Model(
        [.. nodes, Node("GlobalAveragePool", ["positive"], ["means"])], initializers, Picture, Tensor("means", "batch", 3, 1, 1));

    private static byte[] Opset(string domain, ulong version) => Message(8, [.. Text(1, domain), .. Field(2, version)]);

    private static byte[] WithOpset(string domain, ulong version) =>
        [.. Field(1, 8), .. Message(7, [.. Message(1, Relu), .. Message(11, Picture), .. Message(12, Positive)]), .. Opset(domain, version)];

    private static byte[] Weight(long[] sides, byte[] data) =>
        Message(5, [.. sides.SelectMany(side => Field(1, (ulong)side)), .. Field(2, Real32), .. Text(8, "w"), .. data]);

    private static byte[] Shape(long side) => Message(2, Message(1, [.. Field(1, Real32), .. Message(2, Message(1, Field(1, (ulong)side)))]));

    private static byte[] Scalar(string name, ulong type) => [.. Text(1, name), .. Message(2, Message(1, [.. Field(1, type), .. Message(2, [])]))];

    private static byte[] Attribute(string name, byte[] graph) => Message(5, [.. Text(1, name), .. Message(6, graph), .. Field(20, 5)]);

    private static byte[] If(byte[] graph, string[] outputs) => [.. Node("If", ["picture"], outputs), .. Attribute("then_branch", graph)];

    private static byte[] Deep(int levels)
    {
        var node = Relu;
        for (var i = 0; i < levels; i++)
        {
            node = If(Message(1, node), [$"{i}"]);
        }

        return node;
    }

    private static byte[] Calls(string function) => [.. Graph([Node(function, ["picture"], ["positive"], "own")]), .. Opset("own", 1)];

    private static byte[] Function(string name, params string[] calls) => Message(25,
    [
        .. Text(1, name), .. Text(10, "own"), .. Text(4, "in"), .. Text(5, "out0"),
        .. calls.SelectMany((call, i) => Message(7, Node(call, ["in"], [$"out{i}"], "own"))),
    ]);
}
