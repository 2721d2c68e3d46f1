namespace OrleansAiFleet.Models;

/// <summary>What models of one kind have in common: a row of <c>model_categories</c>. <c>ai_models.category</c> is its name.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelCategory")]
public sealed record ModelCategory
{
    /// <summary>See <see cref="ModelKeys.OfCategory"/>.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public string Name { get; init; } = "";

    /// <summary>The family it is of: one of the customer's four, or an owner's own. A family is a category too, of its own family.</summary>
    [Id(2)]
    public string Family { get; init; } = "";

    [Id(3)]
    public string? Description { get; init; }

    /// <summary>What its models do where their uploader does not say.</summary>
    [Id(4)]
    public ModelType ModelType { get; init; }

    /// <summary>Class names for a model whose file has none, where their number is right.</summary>
    [Id(5)]
    public string[] DefaultClasses { get; init; } = [];

    /// <summary>Threshold of its models where neither uploader nor file says one, 0 to 1.</summary>
    [Id(6)]
    public decimal ConfidenceThreshold { get; init; } = 0.50m;

    /// <summary>How much an alert of such a model matters.</summary>
    [Id(7)]
    public AlertSeverity AlertSeverity { get; init; } = AlertSeverity.Medium;

    /// <summary>Key in the file store of a picture on which every model of the category must find something; null: not asked.</summary>
    [Id(8)]
    public string? KnownPositiveFilePath { get; init; }

    /// <summary>What must be found on it: one of these; any class where there is none.</summary>
    [Id(9)]
    public string[] KnownPositiveClasses { get; init; } = [];

    /// <summary>With at least this confidence, 0 to 1.</summary>
    [Id(10)]
    public decimal KnownPositiveConfidence { get; init; } = 0.40m;

    [Id(11)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(12)]
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Values of <c>model_categories.alert_severity</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.AlertSeverity")]
public enum AlertSeverity
{
    Low = 0,
    Medium = 1,
    High = 2,
    Critical = 3,
}
