using System.Globalization;
using System.Text.Json;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>Whether a deployment looks at this caller's pictures at all. Pure.</summary>
internal static class InferenceAccess
{
    /// <summary>Why not, or null. What a caller may not know stands before what they may.</summary>
    /// <param name="deployment">Whose model is wanted.</param>
    /// <param name="caller">Has the right to infer there.</param>
    /// <param name="confidence">Lowest that is asked for, or null.</param>
    public static InferenceRefusal? Judge(Deployment deployment, InferenceCaller caller, double? confidence)
    {
        // The gate may have believed what the database said some seconds ago; this row is of now.
        if (caller.Key is { } key && !DeploymentKeySecret.Matches(deployment.ApiKey, key.Hash))
        {
            return new(401, "key_ended", "This key of the deployment was replaced or taken away. Ask whoever runs it for the new one.");
        }

        if (!deployment.ApiAccessEnabled)
        {
            return new(
                403, "api_access_disabled", "api_access_enabled of the deployment is false: nobody can call it. PUT …/api-access turns it on.");
        }

        if (!IsAuthorized(deployment, caller))
        {
            return new(403, "not_authorized", "You are not among the deployment's authorized_users. Ask whoever runs it to add you.");
        }

        if (deployment.DeploymentStatus is not DeploymentStatus.Active)
        {
            var status = JsonNamingPolicy.SnakeCaseLower.ConvertName(deployment.DeploymentStatus.ToString());
            return new(409, "not_active", $"The deployment is {status}; only an active one looks at pictures.");
        }

        return confidence < (double)deployment.ConfidenceThreshold && !caller.MayAdminister
            ? new(
                403,
                "confidence",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"confidence {confidence} is below the deployment's {deployment.ConfidenceThreshold}: less is for whoever may deploy there."),
                "confidence")
            : null;
    }

    private static bool IsAuthorized(Deployment deployment, InferenceCaller caller)
    {
        if (deployment.AuthorizedUsers is not { } listed || caller.MayAdminister || caller.Key is not null)
        {
            return true;
        }

        try
        {
            return listed.To<Guid[]>() is not { } users || (caller.UserId is { } user && users.Contains(user));
        }
        catch (JsonException)
        {
            // A list that nobody can read names nobody.
            return false;
        }
    }
}

/// <summary>Who calls, as far as a deployment cares.</summary>
/// <param name="UserId">The person or service, also behind a key; null for the deployment's own key.</param>
/// <param name="MayAdminister">May deploy on the deployment's site.</param>
/// <param name="Key">The deployment's own key that they use, or null.</param>
internal sealed record InferenceCaller(Guid? UserId, bool MayAdminister, DeploymentKeyAccess? Key)
{
    public static InferenceCaller Of(CurrentAccess access, Guid site) =>
        new(access.Caller.UserId, access.Rights.Allows(OrleansAiFleet.Access.AccessAction.Deploy, site), access.DeploymentKey);
}
