using Microsoft.AspNetCore.Components;

namespace OrleansAiFleet.WebAdmin.Pages.Live;

/// <summary>An icon and a word.</summary>
public sealed partial class MarkView : ComponentBase
{
    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public required Mark Mark { get; set; }
}
