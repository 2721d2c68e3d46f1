using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

/// <summary>A deployment as it is stored now.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.StoredDeployment")]
public sealed record StoredDeployment
{
    [Id(0)]
    public required Deployment Deployment { get; init; }

    /// <summary>Changes with every write of the row: the HTTP entity tag, without quotes.</summary>
    [Id(1)]
    public required string RowVersion { get; init; }
}

/// <summary>Columns that somebody changes.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.EditDeployment")]
public sealed record EditDeployment
{
    /// <summary>An object of column names and their new values; what it does not name stays.</summary>
    [Id(0)]
    public required JsonText Fields { get; init; }

    /// <summary>Row versions that the change is meant for; null: whatever it is by now.</summary>
    [Id(1)]
    public string[]? IfMatch { get; init; }
}
