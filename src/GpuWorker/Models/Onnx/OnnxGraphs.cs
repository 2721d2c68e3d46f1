using System.Globalization;

using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>
/// Reads the graphs of one ONNX file, those inside nodes too, and counts what they hold. Field numbers of onnx.proto:
/// GraphProto node 1, initializer 5, input 11, output 12, sparse_initializer 15; NodeProto input 1, output 2, name 3,
/// op_type 4, attribute 5, domain 7; AttributeProto t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23;
/// ValueInfoProto name 1, type 2; TypeProto tensor_type 1; its shape 2, dim 1, dim_value 1, dim_param 2.
/// </summary>
internal sealed class OnnxGraphs
{
    private readonly OnnxTensors _tensors = new();
    private int _values;

    /// <summary>Nodes so far.</summary>
    public int Nodes { get; private set; }

    /// <summary>Initializers so far.</summary>
    public int Initializers { get; private set; }

    /// <summary>Elements of the initializers so far.</summary>
    public long Parameters { get; private set; }

    /// <exception cref="ModelFaultException">It is broken, or nested or counted beyond <see cref="OnnxLimits"/>.</exception>
    public OnnxGraph Read(ReadOnlySpan<byte> message, int depth)
    {
        if (depth > OnnxLimits.SubgraphDepth)
        {
            throw new ModelFaultException($"The model nests graphs deeper than {OnnxLimits.SubgraphDepth}: export it with fewer levels of If, Loop and Scan.");
        }

        var graph = new OnnxGraph();
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    graph.Nodes.Add(ReadNode(reader.Content, depth));
                    break;
                case 5:
                    AddInitializer(graph, OnnxTensors.Read(reader.Content));
                    break;
                case 11:
                    graph.Inputs.Add(ReadValue(reader.Content));
                    break;
                case 12:
                    graph.Outputs.Add(ReadValue(reader.Content));
                    break;
                case 15:
                    AddInitializer(graph, _tensors.ReadSparse(reader.Content));
                    break;
            }
        }

        return graph;
    }

    /// <exception cref="ModelFaultException">It is broken, or one too many.</exception>
    public OnnxNode ReadNode(ReadOnlySpan<byte> message, int depth)
    {
        if (++Nodes > OnnxLimits.Nodes)
        {
            throw new ModelFaultException($"The model has more than {OnnxLimits.Nodes} nodes: simplify it.");
        }

        var node = new OnnxNode();
        var reader = new WireReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    node.Inputs.Add(ReadName(reader));
                    break;
                case 2:
                    node.Outputs.Add(ReadName(reader));
                    break;
                case 3:
                    node.Name = reader.Text(OnnxLimits.NameBytes);
                    break;
                case 4:
                    node.Operator = reader.Text(OnnxLimits.NameBytes);
                    break;
                case 5:
                    ReadAttribute(reader.Content, depth, node.Subgraphs);
                    break;
                case 7:
                    node.Domain = OnnxParser.NameDomain(reader.Text(OnnxLimits.NameBytes));
                    break;
            }
        }

        return node;
    }

    /// <summary>Reads an attribute for the tensors and graphs in it.</summary>
    /// <exception cref="ModelFaultException">One of them cannot be.</exception>
    public void ReadAttribute(ReadOnlySpan<byte> message, int depth, List<OnnxGraph>? subgraphs)
    {
        var reader = new WireReader(message);
        var once = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 5 or 10:
                    OnnxTensors.Read(reader.Content);
                    break;
                case 6 or 11:
                    var graph = Read(reader.Content, depth + 1);
                    subgraphs?.Add(graph);
                    break;
                case 22 or 23:
                    _tensors.ReadSparse(reader.Content);
                    break;
                default:
                    continue;
            }

            // Protobuf would merge a second one into the first: what was read is not what ONNX Runtime would see.
            if (reader.Field is 5 or 6 or 22 && ++once > 1)
            {
                throw WireReader.Broken();
            }
        }
    }

    private void AddInitializer(OnnxGraph graph, (string Name, long Elements) tensor)
    {
        if (++Initializers > OnnxLimits.Initializers)
        {
            throw new ModelFaultException($"The model has more than {OnnxLimits.Initializers} stored tensors: simplify it.");
        }

        graph.Initializers.Add(tensor.Name);
        Parameters += tensor.Elements;
    }

    private string ReadName(in WireReader reader) => ++_values <= OnnxLimits.Values
        ? reader.Text(OnnxLimits.NameBytes)
        : throw new ModelFaultException($"The nodes of the model have more than {OnnxLimits.Values} inputs and outputs: simplify it.");

    private OnnxValue ReadValue(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var name = "";
        IReadOnlyList<string>? axes = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = ReadName(reader);
                    break;
                case 2:
                    axes = ReadAxes(Child(Child(reader.Content, 1), 2));
                    break;
            }
        }

        return new OnnxValue(name, axes);
    }

    private static ReadOnlySpan<byte> Child(ReadOnlySpan<byte> message, int field)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader.Field == field && reader.HasContent)
            {
                return reader.Content;
            }
        }

        return [];
    }

    private static List<string> ReadAxes(ReadOnlySpan<byte> shape)
    {
        List<string> axes = [];
        var reader = new WireReader(shape);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                axes.Add(axes.Count < OnnxLimits.Axes
                    ? ReadAxis(reader.Content)
                    : throw new ModelFaultException($"An input or output of the model has more than {OnnxLimits.Axes} axes."));
            }
        }

        return axes;
    }

    private static string ReadAxis(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var axis = "?";
        while (reader.Next())
        {
            if (reader.Field == 1 && (long)reader.Number < 0)
            {
                throw new ModelFaultException($"An input or output of the model has a side of {(long)reader.Number}; sides cannot be negative.");
            }

            axis = reader.Field switch
            {
                1 => reader.Number.ToString(CultureInfo.InvariantCulture),
                2 when !reader.Content.IsEmpty => reader.Text(OnnxLimits.NameBytes),
                _ => axis,
            };
        }

        return axis;
    }
}
