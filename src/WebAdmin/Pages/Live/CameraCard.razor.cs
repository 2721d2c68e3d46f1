using Microsoft.AspNetCore.Components;

using MudBlazor;

using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>One camera: how its stream does and, while it is open, its live picture.</summary>
public sealed partial class CameraCard : ComponentBase
{
    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public required CameraStatus Camera { get; set; }

    /// <summary>Name of its site.</summary>
    [Parameter, EditorRequired]
    public required string SiteName { get; set; }

    /// <summary>When this is shown, for what happened how long ago.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    /// <summary>Whether its picture is shown.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>The visitor wants to see its picture, or no more.</summary>
    [Parameter]
    public EventCallback OnToggle { get; set; }

    private string PictureIcon => IsOpen ? Icons.Material.Filled.VideocamOff : Icons.Material.Filled.Videocam;

    private string PictureLabel => IsOpen ? $"Close the live picture of {Camera.Name}" : $"Show the live picture of {Camera.Name}";

    private string Expanded => IsOpen ? "true" : "false";

    private string CardClass => IsOpen ? "card open" : "card";

    private bool IsRunning => Camera.State is StreamState.Running;

    private string FpsDecoded => Shown.Rate(Camera.FpsDecoded);

    private string FpsInferred => Shown.Rate(Camera.FpsInferred);

    private string Detections => Shown.Count(Camera.Detections);

    private string LatencyP50 => Shown.Milliseconds(Camera.LatencyP50Milliseconds);

    private string LatencyP95 => Shown.Milliseconds(Camera.LatencyP95Milliseconds);

    private string LastFrame => Shown.Ago(Camera.LastFrameAt, Now);

    private string Skipped
    {
        get
        {
            var reasons = Camera.FramesSkipped.Where(skipped => skipped.Value > 0).OrderByDescending(skipped => skipped.Value)
                .Select(skipped => $"{Shown.Count(skipped.Value)} {Shown.Reason(skipped.Key)}").ToArray();
            return reasons.Length == 0 ? "No frame skipped" : $"Skipped: {string.Join(", ", reasons)}";
        }
    }
}
