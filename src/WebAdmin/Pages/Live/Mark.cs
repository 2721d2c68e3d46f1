using MudBlazor;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>How a state is shown: always a word and an icon, the colour only on top.</summary>
public sealed record Mark(string Text, string Icon, Color Color)
{
    public static Mark Of(HealthLevel level) => level switch
    {
        HealthLevel.Healthy => new("Healthy", Icons.Material.Filled.CheckCircle, Color.Success),
        HealthLevel.Degraded => new("Degraded", Icons.Material.Filled.Warning, Color.Warning),
        _ => new("Unhealthy", Icons.Material.Filled.Error, Color.Error),
    };

    public static Mark Of(StreamState state) => state switch
    {
        StreamState.Running => new("Running", Icons.Material.Filled.PlayCircle, Color.Success),
        StreamState.Starting => new("Starting", Icons.Material.Filled.HourglassTop, Color.Info),
        StreamState.Reconnecting => new("Reconnecting", Icons.Material.Filled.SyncProblem, Color.Error),
        StreamState.Ended => new("Ended", Icons.Material.Filled.Flag, Color.Default),
        _ => new("Stopped", Icons.Material.Filled.StopCircle, Color.Default),
    };

    public static Mark Of(CameraGrade grade) => grade switch
    {
        CameraGrade.Excellent => new("Excellent", Icons.Material.Filled.SignalCellular4Bar, Color.Success),
        CameraGrade.Fair => new("Fair", Icons.Material.Filled.SignalCellularAlt, Color.Success),
        CameraGrade.Poor => new("Poor", Icons.Material.Filled.SignalCellularAlt2Bar, Color.Warning),
        CameraGrade.Unusable => new("Unusable", Icons.Material.Filled.SignalCellularConnectedNoInternet0Bar, Color.Error),
        _ => new("Not graded yet", Icons.Material.Filled.SignalCellular0Bar, Color.Default),
    };

    /// <summary>Of a silo's status in the cluster.</summary>
    public static Mark OfSilo(string status) => status == "Active"
        ? new("Active", Icons.Material.Filled.CheckCircle, Color.Success)
        : new(status, Icons.Material.Filled.Warning, Color.Warning);
}
