namespace OrleansAiFleet.Models;

/// <summary>A model version as it is stored now.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.StoredModel")]
public sealed record StoredModel
{
    [Id(0)]
    public required AiModel Model { get; init; }

    /// <summary>Changes with every write of the row: the HTTP entity tag, without quotes.</summary>
    [Id(1)]
    public required string RowVersion { get; init; }

    /// <summary>What somebody should know although it was done: sites where a deprecated version runs, say.</summary>
    [Id(2)]
    public string[] Warnings { get; init; } = [];

    /// <summary>Who has approved it as it is, in this round.</summary>
    [Id(3)]
    public Guid[] Approvers { get; init; } = [];

    /// <summary>How many people must approve it.</summary>
    [Id(4)]
    public int RequiredApprovals { get; init; }

    /// <summary>Steps that can be taken from where it is, by whoever may.</summary>
    [Id(5)]
    public ModelStep[] OpenSteps { get; init; } = [];
}

/// <summary>A step that somebody asks for.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.TakeModelStep")]
public sealed record TakeModelStep
{
    [Id(0)]
    public required ModelStep Step { get; init; }

    /// <summary>Who asks.</summary>
    [Id(1)]
    public Guid? By { get; init; }

    /// <summary>Why; some steps must have it.</summary>
    [Id(2)]
    public string? Comment { get; init; }

    /// <summary>For <see cref="ModelStep.SetStage"/> alone.</summary>
    [Id(3)]
    public LifecycleStage? Stage { get; init; }

    /// <summary>Row versions that the step is meant for; null: whatever it is by now.</summary>
    [Id(4)]
    public string[]? IfMatch { get; init; }
}

/// <summary>Columns that somebody changes.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.EditModel")]
public sealed record EditModel
{
    /// <summary>An object of column names and their new values; what it does not name stays.</summary>
    [Id(0)]
    public required Fleet.JsonText Fields { get; init; }

    /// <summary>The configuration as a worker resolved it, where it changes; its revision is counted up.</summary>
    [Id(1)]
    public ModelConfiguration? Configuration { get; init; }

    /// <summary>Class names as the configuration resolved them; null: they stay.</summary>
    [Id(2)]
    public string[]? Classes { get; init; }

    /// <summary>Who asks.</summary>
    [Id(3)]
    public Guid? By { get; init; }

    /// <summary>Row versions that the change is meant for; null: whatever it is by now.</summary>
    [Id(4)]
    public string[]? IfMatch { get; init; }

    /// <summary>Judge alone, change nothing.</summary>
    [Id(5)]
    public bool DryRun { get; init; }
}
