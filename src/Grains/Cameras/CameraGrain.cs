using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Cameras;

/// <summary>Owns one row of <c>cameras</c>. Asks its site; deployments look it up.</summary>
[GrainType("camera")]
internal sealed partial class CameraGrain(
    [PersistentState(StateNames.Camera, StateNames.Provider)] IPersistentState<Camera> state,
    IOptions<CamerasOptions> options,
    ICameraSecrets secrets,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<CameraGrain> logger) : Grain, ICameraGrain
{
    public async Task<Camera> Create(Camera camera)
    {
        var key = this.GetPrimaryKey();
        var asked = CameraPolicy.Take(key, camera, options.Value.Protocols);
        if (state.RecordExists)
        {
            return CameraPolicy.Same(Opened(state.State), asked)
                ? CameraPolicy.Shown(state.State)
                : throw Refusal.Conflict("id", $"Camera {key:D} is another one already.").ToException();
        }

        if (await GrainFactory.GetGrain<ISiteGrain>(asked.SiteId).Get() is null)
        {
            throw Refusal.NotFound("site_id", $"There is no site {asked.SiteId:D}.").ToException();
        }

        var now = time.GetUtcNow().Stored();
        await state.WriteRow(Closed(asked) with { CreatedAt = now, UpdatedAt = now });
        LogCreated(key, asked.Name, asked.SiteId);
        return CameraPolicy.Shown(state.State);
    }

    public Task<Camera?> Get() => Task.FromResult(state.RecordExists ? CameraPolicy.Shown(state.State) : null);

    private Camera Closed(Camera camera) => camera.SourceCredentials is { } credentials
        ? camera with { SourceCredentials = secrets.Protect(camera.Id, credentials) }
        : camera;

    private Camera Opened(Camera camera) => camera.SourceCredentials is { } stored
        ? camera with { SourceCredentials = secrets.Unprotect(camera.Id, stored) }
        : camera;

    [LoggerMessage(LogLevel.Information, "Camera {Camera}: {Name} created on site {Site}")]
    private partial void LogCreated(Guid camera, string name, Guid site);
}
