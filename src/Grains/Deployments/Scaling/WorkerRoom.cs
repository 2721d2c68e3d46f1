namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>A worker, and what it has for models.</summary>
/// <param name="Silo">Parsable address.</param>
/// <param name="Name">As people know it.</param>
/// <param name="HasGpu">Memory is that of its accelerators.</param>
/// <param name="MemoryGb">What it has of it.</param>
/// <param name="Cores">What it has of them.</param>
internal sealed record WorkerCapacity(string Silo, string Name, bool HasGpu, decimal MemoryGb, int Cores)
{
    /// <summary>It has not said yet what it has: what is there stays there, and nothing new comes.</summary>
    public bool IsSilent { get; init; }

    public string Memory => HasGpu ? "GPU memory" : "memory";

    public decimal MemoryOf(InstanceNeed need) => HasGpu ? need.GpuMemoryGb : need.RamGb;
}

/// <summary>
/// What is taken on one worker while instances are placed. Deployments of one model version share its memory there: it is loaded once.
/// </summary>
internal sealed class WorkerRoom(WorkerCapacity worker)
{
    private readonly List<Tenant> _tenants = [];

    public WorkerCapacity Worker => worker;

    /// <summary>Instances that the scheduler placed here.</summary>
    public int Instances { get; private set; }

    public decimal FreeMemoryGb => worker.MemoryGb - _tenants.GroupBy(tenant => tenant.ModelId).Sum(model => model.Max(tenant => tenant.MemoryGb));

    public int FreeCores => worker.Cores - _tenants.Sum(tenant => tenant.Cores);

    /// <summary>Somebody else's model is loaded here, whatever the scheduler says.</summary>
    public void Occupy(Guid modelId, InstanceNeed need)
    {
        if (_tenants.All(tenant => tenant.ModelId != modelId))
        {
            _tenants.Add(new(null, modelId, worker.MemoryOf(need), need.Cores));
        }
    }

    public void Add(InstanceClaim claim)
    {
        _tenants.Add(new(claim.DeploymentId, claim.ModelId, worker.MemoryOf(claim.Need), claim.Need.Cores));
        Instances++;
    }

    public void Remove(InstanceClaim claim) => Instances -= _tenants.RemoveAll(tenant => tenant.DeploymentId == claim.DeploymentId);

    /// <summary>Memory that it would still need; zero or less where it fits.</summary>
    public decimal MissingMemoryGb(InstanceClaim claim)
    {
        var there = _tenants.Where(tenant => tenant.ModelId == claim.ModelId).Select(tenant => tenant.MemoryGb).DefaultIfEmpty(0).Max();
        return Math.Max(0, worker.MemoryOf(claim.Need) - there) - FreeMemoryGb;
    }

    /// <summary>Cores that it would still need; zero or less where it fits.</summary>
    public int MissingCores(InstanceClaim claim) => claim.Need.Cores - FreeCores;

    // Who needs nothing of a kind fits even where that is overdrawn.
    public bool Fits(InstanceClaim claim) => !worker.IsSilent && !claim.Avoids.Contains(worker.Silo)
        && (worker.MemoryOf(claim.Need) == 0 || MissingMemoryGb(claim) <= 0)
        && (claim.Need.Cores == 0 || MissingCores(claim) <= 0);

    /// <summary>Whether it would fit if nobody else were here.</summary>
    public bool FitsAlone(InstanceClaim claim) =>
        !worker.IsSilent && !claim.Avoids.Contains(worker.Silo) && worker.MemoryOf(claim.Need) <= worker.MemoryGb && claim.Need.Cores <= worker.Cores;

    private sealed record Tenant(Guid? DeploymentId, Guid ModelId, decimal MemoryGb, int Cores);
}

/// <summary>A deployment that is to be placed.</summary>
internal sealed record InstanceClaim
{
    public required Guid DeploymentId { get; init; }

    public required string Name { get; init; }

    public required Guid ModelId { get; init; }

    public PriorityLevel Priority { get; init; }

    /// <summary>Instances that it is to have.</summary>
    public int Wanted { get; init; }

    public InstanceNeed Need { get; init; } = new();

    /// <summary>Where it is now.</summary>
    public IReadOnlyList<string> Workers { get; init; } = [];

    /// <summary>Workers that could not load it, and are not tried again yet.</summary>
    public IReadOnlyCollection<string> Avoids { get; init; } = [];

    /// <summary>Nobody takes its last instance: cameras rely on it.</summary>
    public bool KeepsOne { get; init; }
}
