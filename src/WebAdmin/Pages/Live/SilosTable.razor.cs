using Microsoft.AspNetCore.Components;

using MudBlazor;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>Silos of the cluster, workers with what they have and do.</summary>
public sealed partial class SilosTable : ComponentBase
{
    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public required SiloRow[] Silos { get; set; }

    private static Mark MarkOf(SiloRow silo) => silo.IsSilent
        ? new("Does not answer", Icons.Material.Filled.Error, Color.Error)
        : Mark.OfSilo(silo.Member.Status);

    private static string Journal(WorkerStatus worker) =>
        worker.JournaledBatches == 0 ? "none" : $"{Shown.Count(worker.JournaledBatches)} batches";
}
