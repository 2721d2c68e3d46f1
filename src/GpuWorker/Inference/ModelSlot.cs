using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>One model version in the repository, from the start of its load on. Guarded by the repository's lock.</summary>
internal sealed class ModelSlot(string key, ModelReference model)
{
    public string Key { get; } = key;

    public ModelReference Model { get; } = model;

    /// <summary>Faults with <see cref="ModelLoadException"/>.</summary>
    public Task<LoadedModel> Load { get; set; } = null!;

    /// <summary>Set once loaded.</summary>
    public ModelRuntime? Runtime { get; set; }

    /// <summary>Timestamp at which the load failed.</summary>
    public long? FailedAt { get; set; }

    public int Leases { get; set; }

    /// <summary>Timestamp of the last lease's end.</summary>
    public long IdleSince { get; set; }

    /// <summary>Nobody expects it to be needed again soon.</summary>
    public bool UnloadsOnceIdle { get; set; }

    public ITimer? IdleTimer { get; set; }
}
