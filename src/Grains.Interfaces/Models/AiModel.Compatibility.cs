using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Dependencies and compatibility

    /// <summary><c>dependency_requirements</c>: Software dependencies.</summary>
    [Id(54)]
    public JsonText? DependencyRequirements { get; init; }

    /// <summary><c>framework_version</c>.</summary>
    [Id(55)]
    public string? FrameworkVersion { get; init; }

    /// <summary><c>python_version_min</c>.</summary>
    [Id(56)]
    public string? PythonVersionMin { get; init; }

    /// <summary><c>cuda_version_required</c>.</summary>
    [Id(57)]
    public string? CudaVersionRequired { get; init; }

    /// <summary><c>compatibility_notes</c>.</summary>
    [Id(58)]
    public string? CompatibilityNotes { get; init; }
}
