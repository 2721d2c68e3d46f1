using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>Which operators a model may use, and how much its own functions may grow when they are written out.</summary>
internal static class OnnxOperators
{
    // Reads a file that the model names.
    private const string ContextOperator = "EPContext";

    /// <exception cref="ModelFaultException">A version or an operator that ONNX Runtime lacks, or functions without an end.</exception>
    public static void Verify(OnnxModel model)
    {
        VerifyVersions(model);
        foreach (var node in AllNodes(model))
        {
            VerifyKnown(node, model);
        }

        var growth = new FunctionGrowth(model.Functions);
        if (growth.Of(model.Graph) > OnnxLimits.Nodes)
        {
            throw new ModelFaultException(
                $"The model has more than {OnnxLimits.Nodes} nodes when its own functions are written out: simplify it.");
        }
    }

    private static void VerifyVersions(OnnxModel model)
    {
        if (model.IrVersion is < 1 or > OnnxLimits.NewestIr)
        {
            throw new ModelFaultException(
                $"The file's format is IR version {model.IrVersion}; versions 1 to {OnnxLimits.NewestIr} can be opened: "
                + "export the model with another version of ONNX.");
        }

        foreach (var (domain, version) in model.Opsets)
        {
            var newest = OnnxLimits.NewestOpset.GetValueOrDefault(domain, long.MaxValue);
            var oldest = domain == OnnxParser.StandardDomain ? OnnxLimits.OldestOpset : 1;
            if (version < oldest || version > newest)
            {
                throw new ModelFaultException(
                    $"The model uses opset {version} of {OnnxParser.Quote(domain)}; opsets {oldest} to {newest} can be run: "
                    + "export the model with one of these.");
            }
        }
    }

    private static void VerifyKnown(OnnxNode node, OnnxModel model)
    {
        if (node.Operator == ContextOperator)
        {
            throw new ModelFaultException($"The model uses operator {ContextOperator}, which reads other files: export it as plain ONNX.");
        }

        if (!OnnxLimits.NewestOpset.ContainsKey(node.Domain) && !model.Functions.ContainsKey((node.Domain, node.Operator)))
        {
            throw new ModelFaultException(
                $"The model uses operator {OnnxParser.Quote(node.Operator)} of domain {OnnxParser.Quote(node.Domain)}, which the fleet does not have; "
                + $"use operators of {string.Join(", ", OnnxLimits.NewestOpset.Keys)} alone.");
        }
    }

    private static IEnumerable<OnnxNode> AllNodes(OnnxModel model) =>
        model.Functions.Values.Append(model.Graph).SelectMany(AllNodes);

    private static IEnumerable<OnnxNode> AllNodes(OnnxGraph graph) =>
        graph.Nodes.SelectMany(node => node.Subgraphs.SelectMany(AllNodes).Prepend(node));

    /// <summary>Counts nodes as they are when every call of a function is replaced by its body.</summary>
    private sealed class FunctionGrowth(IReadOnlyDictionary<(string Domain, string Name), OnnxGraph> functions)
    {
        // Calls in calls, each a frame or two of this process's stack.
        private const int MostDepth = 64;

        private readonly Dictionary<OnnxGraph, long> _known = [];
        private readonly HashSet<OnnxGraph> _open = [];

        /// <summary>Number of nodes; what is beyond the limit is not counted on.</summary>
        public long Of(OnnxGraph graph)
        {
            if (_known.TryGetValue(graph, out var known))
            {
                return known;
            }

            if (!_open.Add(graph) || _open.Count > MostDepth)
            {
                throw new ModelFaultException(
                    $"The model's own functions call themselves, or each other more than {MostDepth} deep: export it with its functions written out.");
            }

            var count = 0L;
            foreach (var node in graph.Nodes)
            {
                count += 1 + (functions.TryGetValue((node.Domain, node.Operator), out var body) ? Of(body) : 0);
                count += node.Subgraphs.Sum(Of);
                count = Math.Min(count, OnnxLimits.Nodes + 1L);
            }

            _open.Remove(graph);
            return _known[graph] = count;
        }
    }
}
