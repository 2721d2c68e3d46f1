namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>Who children are and what they may take.</summary>
internal sealed record ChildRules
{
    /// <summary>Whom children run as where this process is root.</summary>
    public required string User { get; init; }

    /// <summary>The configuration key of <see cref="User"/>, for who got it wrong.</summary>
    public required string UserKey { get; init; }

    /// <summary>Most memory of one child, in bytes; 0 for no limit.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Most time on processors of one child, whole seconds; zero for no limit.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>False takes the network away from children, where this machine lets the worker do so.</summary>
    public bool Network { get; init; } = true;

    /// <summary>What children get into their environment beside the little of the worker's own that they may have.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
