using System.Text.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

/// <summary>What of a deployment's access from outside can be taken.</summary>
internal static partial class DeploymentPolicy
{
    /// <summary>Most people whom one deployment names.</summary>
    public const int MaximumUsers = 1000;

    /// <summary>What is wrong with it, or null.</summary>
    public static Refusal? ApiAccess(DeploymentApiAccess access) => Refusal.First(
        Users(access.AuthorizedUsers),
        Field.Whole("max_concurrent_requests", access.MaxConcurrentRequests, 1),
        Field.Whole("rate_limit_requests_per_minute", access.RateLimitRequestsPerMinute, 1));

    /// <summary>The row with it.</summary>
    public static Deployment With(Deployment deployment, DeploymentApiAccess access) => deployment with
    {
        ApiAccessEnabled = access.Enabled,
        AuthorizedUsers = access.AuthorizedUsers is null ? null : JsonText.From(access.AuthorizedUsers),
        MaxConcurrentRequests = access.MaxConcurrentRequests,
        RateLimitRequestsPerMinute = access.RateLimitRequestsPerMinute,
    };

    private static Refusal? Users(Guid[]? users) => users?.Length > MaximumUsers
        ? Refusal.Invalid("authorized_users", $"authorized_users names {users.Length} people; at most {MaximumUsers} are possible.")
        : null;

    private static Refusal? Users(JsonText? users)
    {
        if (Field.Json("authorized_users", users) is { } refusal)
        {
            return refusal;
        }

        try
        {
            return Users(users?.To<Guid[]>());
        }
        catch (JsonException)
        {
            return Refusal.Invalid("authorized_users", "authorized_users must be an array of user ids.");
        }
    }
}
