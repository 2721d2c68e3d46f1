using OrleansAiFleet.Models;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Which model versions; null takes all. Ranges take their ends.</summary>
public sealed record ModelFilter
{
    /// <summary>Exactly this name: the versions of one model.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Words that must stand in name, version, category, framework, architecture, author, organization or description, each as the
    /// beginning of a word.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Exactly this category, or any category of this family.</summary>
    public string? Category { get; init; }

    public ModelType? ModelType { get; init; }

    public ModelStatus? Status { get; init; }

    public LifecycleStage? LifecycleStage { get; init; }

    public ApprovalStatus? ApprovalStatus { get; init; }

    public string? Framework { get; init; }

    public string? Author { get; init; }

    public string? Organization { get; init; }

    public string? LicenseType { get; init; }

    public Guid? CreatedBy { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>Ranges by column; see <see cref="ModelSearch.Ranges"/>.</summary>
    public IReadOnlyDictionary<string, (decimal? Least, decimal? Most)> Between { get; init; } =
        new Dictionary<string, (decimal? Least, decimal? Most)>();

    /// <summary>At work on this site now.</summary>
    public Guid? DeployedAt { get; init; }

    /// <summary>At work anywhere now, or nowhere.</summary>
    public bool? IsDeployed { get; init; }

    /// <summary>Archived versions too; without, only where <see cref="Status"/> asks for them.</summary>
    public bool IncludeArchived { get; init; }

    /// <summary>A column of <see cref="ModelSearch.Sorts"/>, with <c>-</c> before it the largest first; <c>-created_at</c> where it is null.</summary>
    public string? Sort { get; init; }
}
