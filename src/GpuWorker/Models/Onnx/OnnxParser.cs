using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>
/// Reads what an ONNX file says of itself, with bounded depth and counts, and without loading its weights. Field numbers of
/// onnx.proto: ModelProto ir_version 1, producer_name 2, producer_version 3, doc_string 6, graph 7, opset_import 8,
/// metadata_props 14, training_info 20, functions 25; OperatorSetIdProto domain 1, version 2.
/// </summary>
internal sealed class OnnxParser
{
    /// <summary>Domain of the standard's own operators, which files may leave empty.</summary>
    public const string StandardDomain = "ai.onnx";

    /// <summary>Characters kept of the model's own description.</summary>
    public const int DocumentationLength = 500;

    private const int MostDocumentation = 1 << 20;

    private readonly Dictionary<string, long> _opsets = [];
    private readonly Dictionary<(string Domain, string Name), OnnxGraph> _functions = [];
    private readonly OnnxGraphs _graphs = new();
    private OnnxGraph? _graph;
    private long _irVersion;
    private int _metadata;
    private (string Name, string Version, string Documentation) _producer = ("", "", "");

    private OnnxParser()
    {
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="ModelFaultException">It is no ONNX model, larger than any that can be, or keeps data outside.</exception>
    public static OnnxModel Parse(ReadOnlySpan<byte> file)
    {
        var parser = new OnnxParser();
        var reader = new WireReader(file);
        while (reader.Next())
        {
            parser.Read(reader);
        }

        return new OnnxModel
        {
            IrVersion = parser._irVersion,
            Opsets = parser._opsets,
            Producer = $"{parser._producer.Name} {parser._producer.Version}".Trim(),
            Documentation = parser._producer.Documentation,
            Graph = parser._graph ?? throw WireReader.Broken(),
            Functions = parser._functions,
            Parameters = parser._graphs.Parameters,
            Nodes = parser._graphs.Nodes,
            Initializers = parser._graphs.Initializers,
        };
    }

    /// <summary>A name out of a file as a message shows it: short, on one line.</summary>
    public static string Quote(string name)
    {
        const int Shown = 60;
        var line = string.Concat(name.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length <= Shown ? $"\"{line}\"" : $"\"{line[..Shown]}…\"";
    }

    private void Read(in WireReader reader)
    {
        switch (reader.Field)
        {
            case 1:
                _irVersion = (long)reader.Number;
                break;
            case 2:
                _producer.Name = reader.Text(OnnxLimits.NameBytes);
                break;
            case 3:
                _producer.Version = reader.Text(OnnxLimits.NameBytes);
                break;
            case 6:
                var text = reader.Text(MostDocumentation);
                _producer.Documentation = text.Length > DocumentationLength ? text[..DocumentationLength] : text;
                break;
            case 7:
                // Protobuf would merge a second one into the first.
                _graph = _graph is null && reader.HasContent ? _graphs.Read(reader.Content, depth: 0) : throw WireReader.Broken();
                break;
            case 8:
                ReadOpset(reader.Content);
                break;
            case 14:
                ReadMetadata(reader.Content);
                break;
            case 20:
                throw new ModelFaultException("The file carries training with it: export the model for inference alone.");
            case 25:
                ReadFunction(reader.Content);
                break;
        }
    }

    private void ReadOpset(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var (domain, version) = ("", 0L);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    domain = reader.Text(OnnxLimits.NameBytes);
                    break;
                case 2:
                    version = (long)reader.Number;
                    break;
            }
        }

        domain = NameDomain(domain);
        if (_opsets.Count >= OnnxLimits.MetadataEntries || !_opsets.TryAdd(domain, version))
        {
            throw new ModelFaultException($"The file states the version of operator domain {Quote(domain)} twice: export the model anew.");
        }
    }

    private void ReadMetadata(ReadOnlySpan<byte> message)
    {
        if (++_metadata > OnnxLimits.MetadataEntries)
        {
            throw new ModelFaultException($"The file has more than {OnnxLimits.MetadataEntries} entries of metadata: remove what is not needed.");
        }

        if (message.Length > OnnxLimits.MetadataBytes)
        {
            throw new ModelFaultException(
                $"The file has metadata of {message.Length} bytes in one entry; at most {OnnxLimits.MetadataBytes} are read: remove what is not needed.");
        }
    }

    private void ReadFunction(ReadOnlySpan<byte> message)
    {
        if (_functions.Count >= OnnxLimits.Functions)
        {
            throw new ModelFaultException($"The file defines more than {OnnxLimits.Functions} functions: export the model with its functions written out.");
        }

        var reader = new WireReader(message);
        var (name, domain) = ("", "");
        var body = new OnnxGraph();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text(OnnxLimits.NameBytes);
                    break;
                case 4:
                    body.Inputs.Add(new OnnxValue(reader.Text(OnnxLimits.NameBytes), Axes: null));
                    break;
                case 5:
                    body.Outputs.Add(new OnnxValue(reader.Text(OnnxLimits.NameBytes), Axes: null));
                    break;
                case 7:
                    body.Nodes.Add(_graphs.ReadNode(reader.Content, depth: 0));
                    break;
                case 10:
                    domain = reader.Text(OnnxLimits.NameBytes);
                    break;
                case 11:
                    _graphs.ReadAttribute(reader.Content, depth: 0, subgraphs: null);
                    break;
            }
        }

        if (!_functions.TryAdd((NameDomain(domain), name), body))
        {
            throw new ModelFaultException($"The file defines function {Quote(name)} twice: export the model anew.");
        }
    }

    internal static string NameDomain(string domain) => domain.Length == 0 ? StandardDomain : domain;
}
