using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>What every graph must keep: each value has one origin, and none depends on itself.</summary>
internal static class OnnxOrder
{
    /// <exception cref="ModelFaultException">A value has two origins, or nodes go round in a circle; the message names one.</exception>
    public static void Verify(OnnxGraph graph)
    {
        var origins = Origins(graph);
        var (waiting, followers) = Dependencies(graph, origins);
        var ready = new Queue<int>(Enumerable.Range(0, graph.Nodes.Count).Where(node => waiting[node] == 0));
        var done = 0;
        for (; ready.TryDequeue(out var node); done++)
        {
            foreach (var follower in followers[node])
            {
                if (--waiting[follower] == 0)
                {
                    ready.Enqueue(follower);
                }
            }
        }

        if (done < graph.Nodes.Count)
        {
            var stuck = graph.Nodes[Array.FindIndex(waiting, count => count > 0)];
            throw new ModelFaultException(
                $"The model's graph goes round in a circle: node {OnnxParser.Quote(stuck.Name)} ({stuck.Operator}) waits for itself; export the model anew.");
        }

        foreach (var inner in graph.Nodes.SelectMany(node => node.Subgraphs))
        {
            Verify(inner);
        }
    }

    private static Dictionary<string, int> Origins(OnnxGraph graph)
    {
        Dictionary<string, int> origins = [];
        HashSet<string> given = [];
        foreach (var name in graph.Inputs.Select(input => input.Name))
        {
            Require(given.Add(name) && name.Length > 0, name, "input");
        }

        // Old files list what they store among the inputs too.
        HashSet<string> stored = [];
        foreach (var name in graph.Initializers)
        {
            Require(stored.Add(name) && name.Length > 0, name, "stored tensor");
        }

        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            // An output that nobody wants has no name.
            foreach (var name in graph.Nodes[i].Outputs.Where(name => name.Length > 0))
            {
                Require(!given.Contains(name) && !stored.Contains(name) && origins.TryAdd(name, i), name, "value");
            }
        }

        return origins;
    }

    private static (int[] Waiting, List<int>[] Followers) Dependencies(OnnxGraph graph, Dictionary<string, int> origins)
    {
        var waiting = new int[graph.Nodes.Count];
        List<int>[] followers = [.. graph.Nodes.Select(_ => new List<int>())];
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            foreach (var name in Needs(graph.Nodes[i]))
            {
                if (origins.TryGetValue(name, out var origin))
                {
                    followers[origin].Add(i);
                    waiting[i]++;
                }
            }
        }

        return (waiting, followers);
    }

    // What graphs inside a node take from outside, it waits for too.
    private static HashSet<string> Needs(OnnxNode node)
    {
        HashSet<string> needs = [.. node.Inputs];
        foreach (var graph in node.Subgraphs)
        {
            HashSet<string> inner = [.. graph.Nodes.SelectMany(Needs), .. graph.Outputs.Select(output => output.Name)];
            inner.ExceptWith(graph.Nodes.SelectMany(one => one.Outputs));
            inner.ExceptWith(graph.Inputs.Select(input => input.Name));
            inner.ExceptWith(graph.Initializers);
            needs.UnionWith(inner);
        }

        return needs;
    }

    private static void Require(bool holds, string name, string kind)
    {
        if (!holds)
        {
            throw new ModelFaultException(name.Length == 0
                ? $"The model's graph has a {kind} without a name: export the model anew."
                : $"The model's graph has {OnnxParser.Quote(name)} twice (a {kind}): export the model anew.");
        }
    }
}
