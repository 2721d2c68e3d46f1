using Microsoft.AspNetCore.Components;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>How the fleet does, why, and its figures.</summary>
public sealed partial class FleetHeadline : ComponentBase
{
    private Mark _mark = Mark.Of(HealthLevel.Healthy);
    private FleetFigures _figures = new(0, 0, 0, 0, null, 0, 0);

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public required SystemHealth Health { get; set; }

    private string FpsInferred => Shown.Rate(_figures.FpsInferred);

    private string Detections => Shown.Count(_figures.Detections);

    private string WorstP95 => Shown.Milliseconds(_figures.WorstP95Milliseconds);

    protected override void OnParametersSet()
    {
        _mark = Mark.Of(Health.Status);
        _figures = FleetFigures.Of(Health);
    }
}
