using System.Collections.Concurrent;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Silo.Tests.Fleet;

/// <summary>What the grains of a test keep; their own state is memory.</summary>
internal sealed class Rows
{
    public ConcurrentDictionary<Guid, Site> Sites { get; } = [];

    public ConcurrentDictionary<Guid, Camera> Cameras { get; } = [];

    public ConcurrentDictionary<Guid, AiModel> Models { get; } = [];

    public ConcurrentDictionary<Guid, Deployment> Deployments { get; } = [];

    public ConcurrentDictionary<Guid, ScalingDecision[]> ScalingDecisions { get; } = [];

    /// <summary>Where the scheduler says that requests go.</summary>
    public ConcurrentDictionary<Guid, DeploymentPlaces> Places { get; } = [];

    /// <summary>How long starts took, as the scheduler was told.</summary>
    public ConcurrentDictionary<Guid, double> ColdStarts { get; } = [];
}

/// <summary>Keeps sites; a site's name can ask for trouble.</summary>
[GrainType("test-site")]
internal sealed class SiteInMemory(Rows rows) : Grain, ISiteGrain
{
    public Task<Site> Create(Site site) => site.Name switch
    {
        "invalid" => throw new FleetRefusedException(RefusalKind.Invalid, "time_zone", "There is no such time zone."),
        "not found" => throw new FleetRefusedException(RefusalKind.NotFound, "site_id", "There is no such site."),
        "conflict" => throw new FleetRefusedException(RefusalKind.Conflict, "name", "The name is taken."),
        "unavailable" => throw new FleetRefusedException(RefusalKind.Unavailable, null, "No worker is up."),
        "timeout" => throw new TimeoutException("secret internals"),
        "crash" => throw new InvalidOperationException("secret internals"),
        _ => Task.FromResult(rows.Sites.GetOrAdd(this.GetPrimaryKey(), site)),
    };

    public Task<Site?> Get() => Task.FromResult(rows.Sites.GetValueOrDefault(this.GetPrimaryKey()));

    public Task<Site> SetAllowedNetworks(string[] networks) => Change(site => site with { AllowedNetworks = networks });

    public Task<Site> SetRetention(int? detectionsDays, int? metricsDays) =>
        Change(site => site with { DetectionsRetentionDays = detectionsDays, MetricsRetentionDays = metricsDays });

    public Task<Site> SetMaintenanceWindows(MaintenanceWindow[] windows) => Change(site => site with { MaintenanceWindows = windows });

    public Task NoteDeployed(Guid modelId) => Task.CompletedTask;

    private Task<Site> Change(Func<Site, Site> change)
    {
        var key = this.GetPrimaryKey();
        return Task.FromResult(rows.Sites[key] = rows.Sites.TryGetValue(key, out var site)
            ? change(site)
            : throw new FleetRefusedException(RefusalKind.NotFound, null, $"There is no site {key:D}."));
    }
}

[GrainType("test-camera")]
internal sealed class CameraInMemory(Rows rows) : Grain, ICameraGrain
{
    public Task<Camera> Create(Camera camera)
    {
        rows.Cameras[camera.Id] = camera;
        return Task.FromResult(camera with { SourceCredentials = null });
    }

    public Task<Camera?> Get() => Task.FromResult(
        rows.Cameras.GetValueOrDefault(this.GetPrimaryKey()) is { } camera ? camera with { SourceCredentials = null } : null);
}

[GrainType("test-model")]
internal sealed class ModelInMemory(Rows rows) : Grain, IModelGrain
{
    public Task<AiModel> Register(AiModel model) => model.Name switch
    {
        "taken" => throw new FleetRefusedException(RefusalKind.Conflict, "name", "Name and version are taken."),
        "slow" => throw new TimeoutException(),
        _ => Task.FromResult(rows.Models.GetOrAdd(this.GetPrimaryKey(), model)),
    };

    public Task<AiModel?> Get() => Task.FromResult(rows.Models.GetValueOrDefault(this.GetPrimaryKey()));

    public Task<StoredModel?> GetStored() => Task.FromResult(rows.Models.TryGetValue(this.GetPrimaryKey(), out var model) ? Stored(model) : null);

    public Task<StoredModel> Take(TakeModelStep step) => Change(step.IfMatch, model => model with
    {
        Decisions = [.. model.Decisions, new() { Step = step.Step, By = step.By, Comment = step.Comment }],
    });

    public Task<StoredModel> Edit(EditModel edit) => Change(edit.IfMatch, model => model with
    {
        Description = edit.Fields.To<Dictionary<string, JsonText>>()!.TryGetValue("description", out var text) ? text.To<string>() : model.Description,
        Configuration = edit.Configuration is { } configuration ? JsonText.From(configuration) : model.Configuration,
    });

    public Task<StoredModel> Attach(AttachedFile file, Guid? by) =>
        Change(null, model => model with { AttachedFiles = [.. model.AttachedFiles, file] });

    public Task<StoredModel> RecordValidation(JsonText validation, AttachedFile[] evidence, Guid? by) =>
        Change(null, model => model with { Validation = validation, AttachedFiles = evidence });

    public Task<AiModel?> Delete(string[]? ifMatch) =>
        Task.FromResult(rows.Models.TryRemove(this.GetPrimaryKey(), out var removed) ? removed : null);

    private Task<StoredModel> Change(string[]? ifMatch, Func<AiModel, AiModel> change)
    {
        var key = this.GetPrimaryKey();
        if (!rows.Models.TryGetValue(key, out var model))
        {
            throw new FleetRefusedException(RefusalKind.NotFound, null, $"There is no model {key:D}.");
        }

        return ifMatch is not null && !ifMatch.Contains(Stored(model).RowVersion)
            ? throw new RowConflictException(ifMatch, Stored(model).RowVersion, JsonText.From(model))
            : Task.FromResult(Stored(rows.Models[key] = change(model)));
    }

    // As good as a counter: every change of the row changes it.
    private static StoredModel Stored(AiModel model) => new()
    {
        Model = model,
        RowVersion = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(JsonText.From(model).Value)).AsSpan(0, 8)),
    };
}

[GrainType("test-deployment")]
internal sealed class DeploymentInMemory(Rows rows) : Grain, IDeploymentGrain
{
    public Task<Deployment> Deploy(Deployment deployment) => Task.FromResult(rows.Deployments.GetOrAdd(
        this.GetPrimaryKey(), deployment with { DeploymentStatus = DeploymentStatus.Active, ApiKey = "secret" }));

    public Task<Deployment?> Get() => Task.FromResult(rows.Deployments.GetValueOrDefault(this.GetPrimaryKey()));

    public async Task<StoredDeployment?> GetStored() => await Get() is { } row ? new() { Deployment = row, RowVersion = "1" } : null;

    public async Task<StoredDeployment> Edit(EditDeployment edit) => (await GetStored())!;

    public Task LookAtSchedule() => Task.CompletedTask;

    public async Task<Deployment> Join() => (await Get())!;

    public Task<Deployment> Pause() => Change(deployment => deployment with { DeploymentStatus = DeploymentStatus.Paused });

    public Task<Deployment> Resume() => Change(deployment => deployment with { DeploymentStatus = DeploymentStatus.Active });

    public Task<Deployment> Terminate() => Task.FromResult(rows.Deployments.AddOrUpdate(
        this.GetPrimaryKey(),
        _ => throw new FleetRefusedException(RefusalKind.NotFound, null, "There is no such deployment."),
        (_, deployment) => deployment with { DeploymentStatus = DeploymentStatus.Terminated }));

    public Task<Deployment> SwitchModel(Guid modelId) => Task.FromResult(rows.Deployments.AddOrUpdate(
        this.GetPrimaryKey(),
        _ => throw new FleetRefusedException(RefusalKind.NotFound, null, "There is no such deployment."),
        (_, deployment) => deployment with { ModelId = modelId }));

    public Task<Deployment> TakeOver(DeploymentType type) => Task.FromResult(rows.Deployments.AddOrUpdate(
        this.GetPrimaryKey(),
        _ => throw new FleetRefusedException(RefusalKind.NotFound, null, "There is no such deployment."),
        (_, deployment) => deployment with { DeploymentType = type }));

    public Task<Deployment> InheritApiKey(string storedKey) => Change(deployment => deployment with { ApiKey = deployment.ApiKey ?? storedKey });

    public Task<string[]> GetLicenseWarnings() => Task.FromResult<string[]>([]);

    public Task<Deployment> SetApiAccess(DeploymentApiAccess access) => Change(deployment => deployment with
    {
        ApiAccessEnabled = access.Enabled,
        AuthorizedUsers = access.AuthorizedUsers is null ? null : JsonText.From(access.AuthorizedUsers),
        MaxConcurrentRequests = access.MaxConcurrentRequests,
        RateLimitRequestsPerMinute = access.RateLimitRequestsPerMinute,
    });

    public Task<Deployment> SetDestinations(JsonText? outputDestinations) =>
        Change(deployment => deployment with { OutputDestinations = outputDestinations });

    public Task<Deployment> SetApiKey(string? storedKey) => Change(deployment => deployment with { ApiKey = storedKey });

    private Task<Deployment> Change(Func<Deployment, Deployment> change) => Task.FromResult(rows.Deployments.AddOrUpdate(
        this.GetPrimaryKey(),
        _ => throw new FleetRefusedException(RefusalKind.NotFound, null, "There is no such deployment."),
        (_, deployment) => change(deployment)));
}

/// <summary>Takes every model whose labels do not say <c>broken</c>.</summary>
[GrainType("test-inspection")]
internal sealed class InspectionInMemory : Grain, IModelInspectionGrain
{
    public Task<ModelInspection> Inspect(InspectModel request, CancellationToken cancellationToken = default) =>
        Task.FromResult(request.Classes is ["broken", ..]
            ? new ModelInspection { Fault = new("labels", "The model has 80 classes, the labels name 1. Give 80 names.") }
            : new ModelInspection
            {
                Configuration = request.Configuration with
                {
                    InputWidth = 640,
                    InputHeight = 480,
                    ConfidenceThreshold = request.Configuration.ConfidenceThreshold ?? 0.25,
                },
                Classes = request.Classes ?? ["person"],
                InputChannels = 3,
                MaxBatchSize = 8,
                OptimalBatchSize = 4,
                InferenceMilliseconds = 5,
                PeakMemoryBytes = 300L << 20,
                Metadata = new() { ["license"] = "AGPL-3.0", ["author"] = "Ultralytics" },
                TriedOnKnownPositive = request.Pictures.Length > 0,
                Evidence =
                [
                    .. request.Pictures.Select(picture => new PictureEvidence
                    {
                        Name = picture.Name, Kind = picture.Kind, AnnotatedJpeg = [.. picture.Content, 0], FoundExpected = true,
                    }),
                ],
            });
}

/// <summary>Every camera has a picture, another one each time.</summary>
[GrainType("test-stream")]
internal sealed class StreamInMemory : Grain, ICameraStreamGrain
{
    public Task<CameraStatus> Ensure(CameraPlan plan) => throw new NotSupportedException();

    public Task Stop(string reason) => Task.CompletedTask;

    public Task<CameraStatus?> GetStatus() => Task.FromResult<CameraStatus?>(null);

    public Task<LiveFrame?> GetLiveFrame(long afterNumber, CancellationToken cancellationToken = default) =>
        Task.FromResult<LiveFrame?>(new(afterNumber + 1, DateTimeOffset.UnixEpoch, [0xFF, 0xD8, (byte)(afterNumber + 1)]));
}

[GrainType("test-supervisor")]
internal sealed class SupervisorInMemory(Rows rows) : Grain, ICameraSupervisorGrain
{
    public Task Wake() => Task.CompletedTask;

    public Task Refresh() => Task.CompletedTask;

    public Task<CameraStatus[]> GetStatuses() => Task.FromResult(rows.Cameras.Values.Select(camera => new CameraStatus
    {
        CameraId = camera.Id,
        SiteId = camera.SiteId,
        Name = camera.Name,
        Silo = "127.0.0.1:11211@1",
        PlanRevision = "1",
        State = camera.Enabled ? StreamState.Running : StreamState.Reconnecting,
    }).ToArray());

    public Task<DateTimeOffset?> GetLastRound() => Task.FromResult<DateTimeOffset?>(DateTimeOffset.UnixEpoch);

    public async Task<CameraStatus[]> GetStatusesOf(Guid siteId) => [.. (await GetStatuses()).Where(camera => camera.SiteId == siteId)];
}

[GrainType("test-health")]
internal sealed class HealthInMemory : Grain, ISystemHealthGrain
{
    public Task<SystemHealth> Check(Guid[]? sites = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new SystemHealth { Status = HealthLevel.Degraded, Reasons = ["Worker gpu-2 does not answer."] });

    public Task<SiteHealth> CheckSite(Guid siteId, CancellationToken cancellationToken = default) =>
        Task.FromResult(new SiteHealth { SiteId = siteId });

    public Task<DeploymentHealth?> CheckDeployment(Guid deploymentId, CancellationToken cancellationToken = default) =>
        Task.FromResult<DeploymentHealth?>(new() { DeploymentId = deploymentId, DeploymentName = "Helmets" });
}

/// <summary>Says where requests go as the test wants; how deployments are scaled it says of none.</summary>
[GrainType("test-scheduler")]
internal sealed class SchedulerInMemory(Rows rows) : Grain, ISchedulerGrain
{
    public Task Wake() => Task.CompletedTask;

    public Task<DeploymentPlaces> Start(Guid deploymentId) => Task.FromResult(rows.Places.GetValueOrDefault(deploymentId) ?? new());

    public Task NoteColdStart(Guid deploymentId, double milliseconds)
    {
        rows.ColdStarts[deploymentId] = milliseconds;
        return Task.CompletedTask;
    }

    public Task<ScalingStatus> GetStatus(Guid deploymentId) =>
        Task.FromResult(new ScalingStatus { DeploymentId = deploymentId, IsScheduled = true, Wanted = 2 });
}
