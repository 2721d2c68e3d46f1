using System.Text.Json.Nodes;

using OrleansAiFleet.Access;

namespace OrleansAiFleet.Silo.Tests.Access;

/// <summary>What a request is about.</summary>
public enum About
{
    /// <summary>Open to everybody.</summary>
    Nothing,

    /// <summary>All sites, or none of them.</summary>
    Fleet,

    /// <summary>A list, of which everybody sees what is theirs.</summary>
    List,

    /// <summary>One site: of the address or of the body.</summary>
    Site,
}

/// <summary>One endpoint: the right it needs, and how it is asked on a site.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Pattern">Route pattern, as the host has it.</param>
/// <param name="Action">The right that is needed; null where it is open.</param>
/// <param name="About">What it is about.</param>
/// <param name="Body">Makes a body that asks about this site.</param>
public sealed record EndpointRow(string Method, string Pattern, AccessAction? Action, About About, Func<SiteUnderTest, JsonObject>? Body = null)
{
    public override string ToString() => $"{Method} {Pattern}";
}

/// <summary>A site with what belongs to it.</summary>
public sealed record SiteUnderTest(
    Guid Site,
    Guid Camera,
    Guid Deployment,
    Guid Model,
    Guid Person,
    Guid Key,
    Guid Rollout,
    Guid Fleet,
    Guid Upload = default,
    Guid Detection = default,
    long Letter = 0);

/// <summary>Every endpoint of the control silo. One that is missing here fails a test.</summary>
internal static class EndpointTable
{
    /// <summary>What the Orleans Dashboard maps: all of it needs one right.</summary>
    public const string Dashboard = "/orleans";

    /// <summary>When what the camera has seen was seen.</summary>
    public static readonly DateTimeOffset Seen = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<EndpointRow> Rows { get; } =
    [
        Open("GET", "/health/live"),
        Open("GET", "/health/ready"),
        Open("POST", "/api/access/sign-in", _ => new() { ["email"] = "x@example.org", ["password"] = "wrong" }),
        Open("POST", "/api/access/refresh", _ => new() { ["refresh_token"] = "x" }),
        Open("POST", "/api/access/reset-password", _ => new() { ["email"] = "x@example.org", ["reset_token"] = "x", ["new_password"] = "x" }),
        Fleet("GET", "/", AccessAction.UseApi),
        Fleet("GET", "/docs/{documentName?}", AccessAction.UseApi),
        Open("GET", "/docs/favicon.svg"),
        Open("GET", "/docs/scalar.aspnetcore.js"),
        Open("GET", "/docs/scalar.js"),
        Fleet("GET", "/openapi/{documentName}.json", AccessAction.UseApi),
        Fleet("GET", "/metrics", AccessAction.ReadMetrics),
        Fleet("GET", "/api/access/me", AccessAction.UseApi),
        Fleet("POST", "/api/access/sign-out", AccessAction.UseApi),
        Fleet("POST", "/api/access/password", AccessAction.UseApi, _ => new() { ["current_password"] = "x", ["new_password"] = "x" }),
        Fleet("POST", "/api/access/two-factor", AccessAction.UseApi),
        Fleet("POST", "/api/access/two-factor/enable", AccessAction.UseApi, _ => new() { ["code"] = "000000" }),
        Fleet("POST", "/api/access/two-factor/disable", AccessAction.UseApi, _ => new() { ["code"] = "000000" }),
        Fleet("GET", "/api/admin/people/", AccessAction.ManagePeople),
        Fleet("POST", "/api/admin/people/", AccessAction.ManagePeople, _ => new() { ["name"] = $"{Guid.NewGuid():N}@example.org" }),
        Fleet("GET", "/api/admin/people/{person:guid}", AccessAction.ManagePeople),
        Fleet("PUT", "/api/admin/people/{person:guid}", AccessAction.ManagePeople, _ => new() { ["display_name"] = "Somebody" }),
        Fleet("PUT", "/api/admin/people/{person:guid}/grants", AccessAction.ManagePeople, _ => new() { ["grants"] = new JsonArray() }),
        Fleet("POST", "/api/admin/people/{person:guid}/unlock", AccessAction.ManagePeople),
        Fleet("POST", "/api/admin/people/{person:guid}/reset-password", AccessAction.ManagePeople),
        Fleet("POST", "/api/admin/people/{person:guid}/reset-two-factor", AccessAction.ManagePeople),
        Fleet("GET", "/api/admin/api-keys/", AccessAction.UseApi),
        Fleet("POST", "/api/admin/api-keys/", AccessAction.UseApi, _ => new() { ["name"] = "mine" }),
        Fleet("POST", "/api/admin/api-keys/{key:guid}/rotate", AccessAction.ManageKeys, _ => []),
        Fleet("DELETE", "/api/admin/api-keys/{key:guid}", AccessAction.ManageKeys),
        Fleet("GET", "/api/admin/audit/", AccessAction.ReadAudit),
        Fleet("GET", "/api/admin/audit/export", AccessAction.ReadAudit),
        Fleet("GET", "/api/admin/audit/verification", AccessAction.ReadAudit),
        Fleet("GET", "/api/admin/ai-models/", AccessAction.ReadModels),
        Fleet("GET", "/api/admin/ai-models/{model:guid}", AccessAction.ReadModels),
        Fleet("PUT", "/api/admin/ai-models/{model:guid}", AccessAction.UploadModels, _ => new() { ["description"] = "x" }),
        Fleet("DELETE", "/api/admin/ai-models/{model:guid}", AccessAction.RetireModels),
        Fleet("GET", "/api/admin/ai-models/{model:guid}/lifecycle", AccessAction.ReadModels),
        Fleet("PUT", "/api/admin/ai-models/{model:guid}/lifecycle-stage", AccessAction.RetireModels, _ => new() { ["lifecycle_stage"] = "mature" }),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/start-training", AccessAction.UploadModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/start-testing", AccessAction.UploadModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/start-validation", AccessAction.UploadModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/return-to-development", AccessAction.UploadModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/approve", AccessAction.ApproveModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/reject", AccessAction.ApproveModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/request-review", AccessAction.ApproveModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/resubmit", AccessAction.UploadModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/deprecate", AccessAction.RetireModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/reinstate", AccessAction.RetireModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/archive", AccessAction.RetireModels, _ => []),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/restore", AccessAction.RetireModels, _ => []),
        Fleet("GET", "/api/admin/ai-models/{model:guid}/versions", AccessAction.ReadModels),
        Fleet("GET", "/api/admin/ai-models/{model:guid}/files", AccessAction.ReadModels),
        Fleet("GET", "/api/admin/ai-models/{model:guid}/files/{kind}/{name}", AccessAction.DownloadModels),
        Fleet("GET", "/api/admin/ai-models/{model:guid}/evidence/{name}", AccessAction.ReadModels),
        Fleet("PUT", "/api/admin/ai-models/{model:guid}/files/documentation/{name}", AccessAction.UploadModels),
        Fleet("POST", "/api/admin/ai-models/{model:guid}/validate", AccessAction.UploadModels, _ => []),
        Fleet("GET", "/api/admin/ai-models/{model:guid}/aliases", AccessAction.ReadModels),
        Fleet("PUT", "/api/admin/ai-models/{model:guid}/aliases/{alias}", AccessAction.MoveAliases, _ => []),
        Fleet("DELETE", "/api/admin/ai-models/{model:guid}/aliases/{alias}", AccessAction.MoveAliases),
        List("GET", "/api/admin/ai-models/{model:guid}/timeline", AccessAction.ReadDeployments),
        OnSite("PUT", "/api/admin/sites/{site:guid}/model-aliases/{alias}", AccessAction.Deploy, at => new() { ["model_id"] = at.Model }),
        OnSite("DELETE", "/api/admin/sites/{site:guid}/model-aliases/{alias}/{model:guid}", AccessAction.Deploy),
        OnSite("GET", "/api/admin/sites/{site:guid}/model-timeline", AccessAction.ReadDeployments),
        Fleet("GET", "/api/admin/model-categories/", AccessAction.ReadModels),
        Fleet("POST", "/api/admin/model-categories/", AccessAction.ManageCategories, _ => new() { ["name"] = $"{Guid.NewGuid():N}", ["family"] = "Own" }),
        Fleet("PUT", "/api/admin/model-categories/{category:guid}", AccessAction.ManageCategories, _ => new() { ["name"] = "x", ["family"] = "Own" }),
        Fleet("PUT", "/api/admin/model-categories/{category:guid}/known-positive", AccessAction.ManageCategories),
        Fleet("POST", "/api/admin/ai-models/", AccessAction.UploadModels),
        Fleet("GET", "/api/admin/ai-models/{model:guid}/package", AccessAction.DownloadModels),
        Fleet("POST", "/api/admin/ai-models/import", AccessAction.UploadModels),
        Fleet("GET", "/api/admin/ai-models/package-key", AccessAction.ReadModels),
        List("GET", "/api/admin/ai-models/system-health", AccessAction.ReadFleet),
        List("GET", "/api/admin/ai-models/maintenance-mode/", AccessAction.ReadFleet),
        Fleet("POST", "/api/admin/ai-models/maintenance-mode/", AccessAction.ManageSites, _ => new() { ["enabled"] = false }),
        Fleet("POST", "/api/admin/ai-models/register", AccessAction.UploadModels, _ => []),
        Open("OPTIONS", "/api/admin/model-uploads/"),
        Fleet("POST", "/api/admin/model-uploads/", AccessAction.UploadModels),
        Fleet("GET", "/api/admin/model-uploads/{upload:guid}", AccessAction.UploadModels),
        Fleet("HEAD", "/api/admin/model-uploads/{upload:guid}", AccessAction.UploadModels),
        Fleet("PATCH", "/api/admin/model-uploads/{upload:guid}", AccessAction.UploadModels),
        Fleet("PUT", "/api/admin/model-uploads/{upload:guid}", AccessAction.UploadModels),
        Fleet("DELETE", "/api/admin/model-uploads/{upload:guid}", AccessAction.UploadModels),
        Fleet("POST", "/api/admin/ai-models/bulk-update", AccessAction.UploadModels, _ => new() { ["ids"] = new JsonArray() }),
        List("GET", "/api/admin/ai-models/performance-comparison", AccessAction.ReadMetrics),
        List("GET", "/api/admin/ai-models/resource-utilization", AccessAction.ReadMetrics),
        List("GET", "/api/admin/ai-models/license-usage", AccessAction.ReadDeployments),
        OnSite("POST", "/api/admin/ai-models/{model:guid}/deploy", AccessAction.Deploy, Deployment),
        List("GET", "/api/admin/sites/", AccessAction.ReadSites),
        Fleet("POST", "/api/admin/sites/", AccessAction.CreateSites, _ => new() { ["name"] = $"{Guid.NewGuid():N}", ["time_zone"] = "UTC" }),
        OnSite("GET", "/api/admin/sites/{site:guid}", AccessAction.ReadSites),
        OnSite("GET", "/api/admin/sites/{site:guid}/health", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/sites/{site:guid}/events", AccessAction.ReadDeployments),
        Fleet("PUT", "/api/admin/sites/{site:guid}/allowed-networks", AccessAction.CreateSites, _ => new() { ["allowed_networks"] = new JsonArray() }),
        OnSite("POST", "/api/admin/sites/{site:guid}/maintenance-mode", AccessAction.ManageSites, _ => new() { ["enabled"] = false }),
        OnSite("PUT", "/api/admin/sites/{site:guid}/maintenance-windows", AccessAction.ManageSites, _ => new() { ["maintenance_windows"] = new JsonArray() }),
        Fleet("PUT", "/api/admin/sites/{site:guid}/retention", AccessAction.ManageRetention, _ => new() { ["detections_retention_days"] = 7 }),
        List("GET", "/api/admin/cameras/", AccessAction.ReadCameras),
        Fleet("POST", "/api/admin/cameras/{camera:guid}/erasures/", AccessAction.ManageRetention, _ => new() { ["reason"] = "Asked for" }),
        Fleet("GET", "/api/admin/cameras/{camera:guid}/erasures/", AccessAction.ManageRetention),
        OnSite("POST", "/api/admin/cameras/", AccessAction.ManageCameras, at => new()
        {
            ["site_id"] = at.Site, ["name"] = $"{Guid.NewGuid():N}", ["source_url"] = "http://192.0.2.1/stream", ["enabled"] = false,
        }),
        OnSite("GET", "/api/admin/cameras/{camera:guid}", AccessAction.ReadCameras),
        OnSite("GET", "/api/admin/cameras/{camera:guid}/live.jpg", AccessAction.WatchCameras),
        OnSite("GET", "/api/admin/cameras/{camera:guid}/live.mjpeg", AccessAction.WatchCameras),
        OnSite("GET", "/api/zm/cameras/{camera:guid}/ai-detections", AccessAction.ReadDetections),
        OnSite("GET", "/api/zm/cameras/{camera:guid}/ai-detections/marks", AccessAction.ReadDetections),
        OnSite("PUT", "/api/zm/cameras/{camera:guid}/ai-detections/{detection:guid}/mark", AccessAction.MarkDetections, _ => new()
        {
            ["frame_time"] = Seen, ["verdict"] = "false_positive",
        }),
        OnSite("DELETE", "/api/zm/cameras/{camera:guid}/ai-detections/{detection:guid}/mark", AccessAction.MarkDetections),
        List("GET", "/api/admin/deployments/", AccessAction.ReadDeployments),
        OnSite("POST", "/api/admin/deployments/", AccessAction.Deploy, at =>
        {
            var body = Deployment(at);
            body["model_id"] = at.Model;
            return body;
        }),
        OnSite("GET", "/api/admin/deployments/{deployment:guid}", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/deployments/{deployment:guid}/status", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/deployments/{deployment:guid}/health", AccessAction.ReadDeployments),
        OnSite("POST", "/api/admin/deployments/{deployment:guid}/pause", AccessAction.Deploy),
        OnSite("POST", "/api/admin/deployments/{deployment:guid}/resume", AccessAction.Deploy),
        OnSite("GET", "/api/admin/deployments/{deployment:guid}/events", AccessAction.ReadDeployments),
        OnSite("PUT", "/api/admin/deployments/{deployment:guid}", AccessAction.Deploy, _ => new() { ["deployment_notes"] = "Changed" }),
        OnSite("DELETE", "/api/admin/deployments/{deployment:guid}", AccessAction.Deploy),
        OnSite("GET", "/api/admin/deployments/{deployment:guid}/scaling", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/deployments/{deployment:guid}/destinations/", AccessAction.ReadDeployments),
        OnSite("PUT", "/api/admin/deployments/{deployment:guid}/destinations/", AccessAction.Deploy, _ => new()
        {
            ["output_destinations"] = Destinations(secret: null),
        }),
        OnSite("POST", "/api/admin/deployments/{deployment:guid}/destinations/{destination}/test", AccessAction.Deploy),
        OnSite("GET", "/api/admin/deployments/{deployment:guid}/destinations/{destination}/dead-letters", AccessAction.ReadDetections),
        OnSite("POST", "/api/admin/deployments/{deployment:guid}/destinations/{destination}/dead-letters/{letter:long}/retry", AccessAction.Deploy),
        OnSite("DELETE", "/api/admin/deployments/{deployment:guid}/destinations/{destination}/dead-letters/{letter:long}", AccessAction.Deploy),
        OnSite("POST", "/api/admin/deployments/{deployment:guid}/rollouts", AccessAction.Deploy, at => new()
        {
            ["model_id"] = at.Model, ["steps"] = new JsonArray(new JsonObject { ["kind"] = "set_weight", ["weight"] = 10 }),
        }),
        OnSite("POST", "/api/admin/deployments/{deployment:guid}/rollback", AccessAction.Deploy, at => new() { ["model_id"] = at.Model }),
        OnSite("POST", "/api/admin/deployments/{deployment:guid}/experiments", AccessAction.Deploy, at => new()
        {
            ["name"] = "Which", ["model_id"] = at.Model, ["weight"] = 10,
            ["metrics"] = new JsonArray(new JsonObject { ["measure"] = "error_rate", ["minimum_effect"] = 1 }),
        }),
        List("GET", "/api/admin/experiments/", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/experiments/{rollout:guid}", AccessAction.ReadDeployments),
        OnSite("POST", "/api/admin/experiments/{rollout:guid}/stop", AccessAction.Deploy),
        OnSite("POST", "/api/admin/ai-models/optimize-performance/", AccessAction.Deploy, at => new()
        {
            ["deployment_id"] = at.Deployment, ["latency_target_milliseconds"] = 200,
        }),
        List("GET", "/api/admin/ai-models/optimize-performance/", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/ai-models/optimize-performance/{rollout:guid}", AccessAction.ReadDeployments),
        OnSite("POST", "/api/admin/ai-models/optimize-performance/{rollout:guid}/cancel", AccessAction.Deploy),
        OnSite("POST", "/api/admin/ai-models/optimize-performance/{rollout:guid}/apply", AccessAction.Deploy),
        List("GET", "/api/admin/rollouts/", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/rollouts/{rollout:guid}", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/rollouts/{rollout:guid}/events", AccessAction.ReadDeployments),
        OnSite("POST", "/api/admin/rollouts/{rollout:guid}/freeze", AccessAction.Deploy),
        OnSite("POST", "/api/admin/rollouts/{rollout:guid}/resume", AccessAction.Deploy),
        OnSite("POST", "/api/admin/rollouts/{rollout:guid}/skip", AccessAction.Deploy),
        OnSite("POST", "/api/admin/rollouts/{rollout:guid}/promote", AccessAction.Deploy),
        OnSite("POST", "/api/admin/rollouts/{rollout:guid}/roll-back", AccessAction.Deploy),
        OnSite("POST", "/api/admin/ai-models/bulk-deploy", AccessAction.Deploy, ManySites),
        OnSite("POST", "/api/admin/fleet-rollouts/estimate", AccessAction.Deploy, ManySites),
        OnSite("POST", "/api/admin/fleet-rollouts/", AccessAction.Deploy, ManySites),
        List("GET", "/api/admin/fleet-rollouts/", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/fleet-rollouts/{fleet:guid}", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/fleet-rollouts/{fleet:guid}/events", AccessAction.ReadDeployments),
        OnSite("GET", "/api/admin/fleet-rollouts/{fleet:guid}/sites", AccessAction.ReadDeployments),
        OnSite("POST", "/api/admin/fleet-rollouts/{fleet:guid}/skip-site", AccessAction.Deploy, at => new() { ["site_id"] = at.Site, ["reason"] = "Closed" }),
        OnSite("POST", "/api/admin/fleet-rollouts/{fleet:guid}/pause", AccessAction.Deploy),
        OnSite("POST", "/api/admin/fleet-rollouts/{fleet:guid}/resume", AccessAction.Deploy),
        OnSite("POST", "/api/admin/fleet-rollouts/{fleet:guid}/skip-soak", AccessAction.Deploy),
        OnSite("POST", "/api/admin/fleet-rollouts/{fleet:guid}/approve-wave", AccessAction.Deploy),
        OnSite("POST", "/api/admin/fleet-rollouts/{fleet:guid}/retry-failed", AccessAction.Deploy),
        OnSite("POST", "/api/admin/fleet-rollouts/{fleet:guid}/abort", AccessAction.Deploy),
        OnSite("POST", "/api/admin/fleet-rollouts/{fleet:guid}/abort-all", AccessAction.Deploy),
        OnSite("GET", "/api/admin/deployments/{deployment:guid}/metrics", AccessAction.ReadMetrics),
        OnSite("PUT", "/api/admin/deployments/{deployment:guid}/api-access", AccessAction.Deploy, _ => new() { ["api_access_enabled"] = true }),
        OnSite("POST", "/api/admin/deployments/{deployment:guid}/api-key", AccessAction.Deploy),
        OnSite("DELETE", "/api/admin/deployments/{deployment:guid}/api-key", AccessAction.Deploy),
        OnSite("POST", "/api/inference/{deployment:guid}", AccessAction.Infer, _ => new() { ["images"] = new JsonArray() }),
    ];

    private static JsonObject Deployment(SiteUnderTest at) => new()
    {
        ["site_id"] = at.Site, ["deployment_name"] = $"{Guid.NewGuid():N}", ["deployment_type"] = "testing",
    };

    private static JsonObject ManySites(SiteUnderTest at) => new()
    {
        ["name"] = "Everywhere", ["model_id"] = at.Model, ["site_ids"] = new JsonArray(at.Site),
    };

    /// <summary>A receiver that nothing is ever sent to: its name leads to this machine.</summary>
    public static JsonArray Destinations(string? secret) =>
        [new JsonObject { ["kind"] = "webhook", ["name"] = "hook", ["url"] = "http://localhost:9/", ["secret"] = secret }];

    private static EndpointRow Open(string method, string pattern, Func<SiteUnderTest, JsonObject>? body = null) =>
        new(method, pattern, null, About.Nothing, body);

    private static EndpointRow Fleet(string method, string pattern, AccessAction action, Func<SiteUnderTest, JsonObject>? body = null) =>
        new(method, pattern, action, About.Fleet, body);

    private static EndpointRow List(string method, string pattern, AccessAction action) => new(method, pattern, action, About.List);

    private static EndpointRow OnSite(string method, string pattern, AccessAction action, Func<SiteUnderTest, JsonObject>? body = null) =>
        new(method, pattern, action, About.Site, body);
}
