using System.Runtime.InteropServices;

namespace OrleansAiFleet.Trainer.Models;

/// <summary>Builds an ONNX model node by node. Field numbers are those of onnx.proto (IR version 8, opset 17).</summary>
internal sealed class OnnxGraph
{
    private const int IrVersion = 8;
    private const int Opset = 17;
    private const int Float = 1;
    private const int Int64 = 7;

    private readonly ProtobufWriter _graph = new();
    private readonly ProtobufWriter _metadata = new();
    private int _names;

    /// <summary>Adds a node with one output; returns the output's name.</summary>
    public string Node(string type, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        var output = $"t{_names++}";
        var node = new ProtobufWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, $"{type}_{output}").Text(4, type);
        foreach (var (name, value) in attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        _graph.Message(1, node);
        return output;
    }

    /// <summary>Adds a constant; returns its name.</summary>
    public string Constant(ReadOnlySpan<float> values, params long[] shape) =>
        Constant(Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds a constant; returns its name.</summary>
    public string Constant(ReadOnlySpan<long> values) => Constant(Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>Declares the model's input; a dimension of -1 is the open batch axis.</summary>
    public void Input(string name, params long[] shape) => _graph.Message(11, Value(name, shape));

    /// <summary>Declares the model's output and names the tensor that it is.</summary>
    public void Output(string name, string tensor, params long[] shape)
    {
        _graph.Message(1, new ProtobufWriter().Text(1, tensor).Text(2, name).Text(3, name).Text(4, "Identity"));
        _graph.Message(12, Value(name, shape));
    }

    /// <summary>Adds custom metadata.</summary>
    public void Metadata(string key, string value) => _metadata.Message(14, new ProtobufWriter().Text(1, key).Text(2, value));

    /// <summary>The whole file.</summary>
    public byte[] ToFile()
    {
        _graph.Text(2, "detector");
        var model = new ProtobufWriter().Integer(1, IrVersion).Text(2, "OrleansAiFleet.Trainer").Message(7, _graph)
            .Message(8, new ProtobufWriter().Text(1, "").Integer(2, Opset));
        return [.. model.Written, .. _metadata.Written];
    }

    private string Constant(int type, ReadOnlySpan<byte> values, long[] shape)
    {
        var name = $"c{_names++}";
        var tensor = new ProtobufWriter();
        foreach (var dimension in shape)
        {
            tensor.Integer(1, dimension);
        }

        _graph.Message(5, tensor.Integer(2, type).Text(8, name).Bytes(9, values));
        return name;
    }

    private static ProtobufWriter Attribute(string name, object value)
    {
        var attribute = new ProtobufWriter().Text(1, name);
        switch (value)
        {
            case long integer:
                return attribute.Integer(3, integer).Integer(20, 2);
            case string text:
                return attribute.Text(4, text).Integer(20, 3);
            case long[] integers:
                foreach (var item in integers)
                {
                    attribute.Integer(8, item);
                }

                return attribute.Integer(20, 7);
            default:
                throw new ArgumentException($"An attribute of type {value.GetType()} is not written here.", nameof(value));
        }
    }

    private static ProtobufWriter Value(string name, long[] shape)
    {
        var dimensions = new ProtobufWriter();
        foreach (var dimension in shape)
        {
            dimensions.Message(1, dimension < 0 ? new ProtobufWriter().Text(2, "batch") : new ProtobufWriter().Integer(1, dimension));
        }

        var tensor = new ProtobufWriter().Integer(1, Float).Message(2, dimensions);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
