using OrleansAiFleet.Fleet;

using ClusterMember = OrleansAiFleet.Fleet.ClusterMember;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>One silo of the cluster with what its worker says of itself.</summary>
/// <param name="Member">As the membership has it.</param>
/// <param name="Worker">Null for control silos, and for a worker that does not answer.</param>
public sealed record SiloRow(ClusterMember Member, WorkerStatus? Worker)
{
    /// <summary>What it does in the fleet.</summary>
    public string Role => Member.IsWorker ? "Worker" : "Control";

    /// <summary>A worker of the membership that did not say how it does.</summary>
    public bool IsSilent => Member.IsWorker && Worker is null;

    /// <summary>Every silo, workers first. Pure.</summary>
    public static SiloRow[] Of(SystemHealth health)
    {
        ArgumentNullException.ThrowIfNull(health);
        var workers = health.Workers.ToDictionary(worker => worker.Silo);
        return
        [
            .. health.Silos
                .OrderByDescending(member => member.IsWorker).ThenBy(member => member.Name, StringComparer.Ordinal)
                .Select(member => new SiloRow(member, workers.GetValueOrDefault(member.Silo))),
        ];
    }
}
