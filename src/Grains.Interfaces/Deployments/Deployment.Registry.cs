namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // The registry's own, beside the customer's columns

    /// <summary><c>model_alias</c>: the alias it follows (<c>champion</c>); <see cref="ModelId"/> is the version it has now. Null: none.</summary>
    [Id(100)]
    public string? ModelAlias { get; init; }

    /// <summary><c>license_override</c>: why it runs although the licence or an export restriction says no. Null: it says yes.</summary>
    [Id(101)]
    public string? LicenseOverride { get; init; }
}
