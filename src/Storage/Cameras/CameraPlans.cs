using System.Security.Cryptography;
using System.Text.Json;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Storage.Cameras;

/// <summary>An active deployment and the model version it runs.</summary>
internal sealed record ActiveDeployment(Deployment Deployment, ModelReference Model);

/// <summary>Matches cameras with deployments. Pure.</summary>
internal static class CameraPlans
{
    /// <summary>
    /// One plan per camera that a deployment of its site looks at: one that names the camera among its
    /// <c>input_sources</c>, or names none at all (null) and so takes the whole site. Of the two deployments of a rollout one gets the
    /// camera's frames and the other stands by.
    /// </summary>
    public static IReadOnlyList<CameraPlan> Combine(
        IEnumerable<Camera> cameras,
        ILookup<Guid, ActiveDeployment> activeBySite,
        IReadOnlyDictionary<Guid, string[]> networksBySite,
        CameraRoutes routes) =>
        [
            .. from camera in cameras
               let subscriptions = activeBySite[camera.SiteId]
                   .Where(active => active.Deployment.LooksAt(camera.Id, camera.SiteId))
                   .OrderBy(active => active.Deployment.Id)
                   .Select(active => routes.Of(ToSubscription(active, camera.Id), camera.Id))
                   .ToArray()
               let networks = networksBySite.GetValueOrDefault(camera.SiteId) ?? []
               where subscriptions.Length > 0
               select new CameraPlan
               {
                   Revision = RevisionOf(camera, subscriptions, networks),
                   Camera = camera,
                   Subscriptions = subscriptions,
                   AllowedNetworks = networks,
               },
        ];

    private static CameraSubscription ToSubscription(ActiveDeployment active, Guid cameraId) => new()
    {
        DeploymentId = active.Deployment.Id,
        Model = active.Model,
        ConfidenceThreshold = (float)active.Deployment.ConfidenceThreshold,
        TimeoutSeconds = active.Deployment.TimeoutSeconds,
        BatchSize = active.Deployment.BatchSize,
        IntervalSeconds = active.Deployment.ProcessingIntervalSeconds,
        Destinations = active.Deployment.DeploymentType.IsTrial()
            ? []
            : DestinationRoute.Of(DestinationJson.Read(active.Deployment.OutputDestinations), cameraId),
    };

    // Credentials are not in the JSON, and must not be: a revision is shown. A change of them moves updated_at, which is.
    private static string RevisionOf(Camera camera, CameraSubscription[] subscriptions, string[] networks)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(new { camera, subscriptions, networks }, FleetJson.Options);
        return Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 16));
    }
}
