using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Cameras;

/// <summary>Which cameras; null takes all.</summary>
public sealed record CameraFilter(Guid? SiteId = null, bool? Enabled = null, SiteScope? Scope = null);

/// <summary>Lists of cameras, always without credentials.</summary>
public sealed class CameraQueries(IDbContextFactory<FleetContext> contexts)
{
    /// <summary>Cameras, newest first; <see cref="Camera.SourceCredentials"/> is null in all of them.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public async Task<Page<Camera>> ListAsync(
        CameraFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var among = filter.Scope?.ToArray();
        var cameras = await contexts.ListAsync<Camera>(
            page,
            rows => rows
                .Where(camera => among == null || among.Contains(camera.SiteId))
                .Where(camera => filter.SiteId == null || camera.SiteId == filter.SiteId)
                .Where(camera => filter.Enabled == null || camera.Enabled == filter.Enabled),
            nameof(Camera.CreatedAt),
            camera => new(camera.CreatedAt, camera.Id),
            cancellationToken);
        return cameras with { Items = [.. cameras.Items.Select(camera => camera with { SourceCredentials = null })] };
    }
}
