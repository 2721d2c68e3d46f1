using Microsoft.EntityFrameworkCore;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Access;

/// <summary>Before the first request: encrypts the credentials of cameras that were stored before there was a master key.</summary>
internal sealed partial class PlainCredentials(
    IDbContextFactory<FleetContext> contexts, ICameraSecrets secrets, ILogger<PlainCredentials> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var cameras = await db.Cameras
            .Where(camera => camera.SourceCredentials != null && !camera.SourceCredentials.StartsWith(ICameraSecrets.Mark))
            .ToListAsync(cancellationToken);
        if (cameras.Count == 0)
        {
            return;
        }

        foreach (var camera in cameras)
        {
            db.Entry(camera).Property(row => row.SourceCredentials).CurrentValue = secrets.Protect(camera.Id, camera.SourceCredentials!);
        }

        await db.SaveChangesAsync(cancellationToken);
        LogEncrypted(cameras.Count);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Credentials of {Cameras} cameras are encrypted now")]
    private partial void LogEncrypted(int cameras);
}
