namespace OrleansAiFleet.Deployments;

/// <summary>Who may have pictures of their own inferred by a deployment, and how many.</summary>
/// <param name="Enabled">Nobody may where it is false, whatever the rest says.</param>
/// <param name="AuthorizedUsers">Who alone may, beside those who may deploy there; null: everybody with the right to infer there.</param>
/// <param name="MaxConcurrentRequests">Most requests at a time, from 1.</param>
/// <param name="RateLimitRequestsPerMinute">Requests a minute on average, from 1.</param>
[GenerateSerializer, Immutable, Alias("Fleet.DeploymentApiAccess")]
public sealed record DeploymentApiAccess(
    [property: Id(0)] bool Enabled,
    [property: Id(1)] Guid[]? AuthorizedUsers,
    [property: Id(2)] int MaxConcurrentRequests,
    [property: Id(3)] int RateLimitRequestsPerMinute);
