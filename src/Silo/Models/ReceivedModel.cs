using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>A model whose files are stored, and what is said of it: by an upload, an address or a package.</summary>
/// <param name="Asked">What its uploader says.</param>
/// <param name="File">The model file.</param>
internal sealed record ReceivedModel(RegisterModel Asked, StoredFile File)
{
    /// <summary>Files that came with it.</summary>
    public IReadOnlyList<AttachedFile> Attached { get; init; } = [];

    /// <summary>Key of its weights, where they came as a file of their own.</summary>
    public string? WeightsFilePath { get; init; }

    /// <summary>Key of its configuration as a file; null: what is asked is stored as one.</summary>
    public string? ConfigFilePath { get; init; }

    /// <summary>Key of its labels as a file; null: those that are asked for are stored as one.</summary>
    public string? LabelsFilePath { get; init; }

    /// <summary>Where it was fetched from; a query of the address is not kept, it may have a token in it.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>Told of the row before it is registered; what it throws ends the registration.</summary>
    public Func<AiModel, Task> BeforeRegistering { get; init; } = _ => Task.CompletedTask;
}
