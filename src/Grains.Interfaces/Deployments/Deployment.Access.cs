using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Access control

    /// <summary><c>authorized_users</c>: Array of user IDs with access.</summary>
    [Id(41)]
    public JsonText? AuthorizedUsers { get; init; }

    /// <summary><c>api_access_enabled</c>.</summary>
    [Id(42)]
    public bool ApiAccessEnabled { get; init; }

    /// <summary><c>api_key</c>: Encrypted API key.</summary>
    [Id(43)]
    public string? ApiKey { get; init; }

    /// <summary><c>rate_limit_requests_per_minute</c>.</summary>
    [Id(44)]
    public int RateLimitRequestsPerMinute { get; init; } = 100;
}
