using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Npgsql;

using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Registers what a host does about the schema before Orleans starts.</summary>
public static class DatabaseStartupRegistration
{
    /// <summary>Migrates at start: control silos.</summary>
    public static IServiceCollection AddDatabaseMigration(this IServiceCollection services) => Add(services, migrates: true);

    /// <summary>Waits at start until somebody else migrated: workers.</summary>
    public static IServiceCollection AddDatabaseWait(this IServiceCollection services) => Add(services, migrates: false);

    private static IServiceCollection Add(IServiceCollection services, bool migrates)
    {
        services.AddOptions<DatabaseStartupOptions>()
            .BindConfiguration(DatabaseStartupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<IHostedService>(
            provider => ActivatorUtilities.CreateInstance<DatabaseStartup>(provider, migrates));
    }
}

/// <summary>
/// Brings the schema up to date, or waits for it, in the host's starting phase: Orleans reads its queries from the
/// database when it starts. A database that is still coming up is waited for.
/// </summary>
internal sealed partial class DatabaseStartup(
    bool migrates,
    DatabaseMigrator migrator,
    IOptions<DatabaseStartupOptions> options,
    TimeProvider time,
    ILogger<DatabaseStartup> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var limit = TimeSpan.FromSeconds(options.Value.StartupTimeoutSeconds);
        if (!migrates)
        {
            await migrator.WaitUntilMigratedAsync(limit, cancellationToken);
            return;
        }

        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                LogMigrated(string.Join(", ", await migrator.MigrateAsync(cancellationToken)) is { Length: > 0 } applied ? applied : "none");
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient && time.GetElapsedTime(started) < limit)
            {
                LogWaiting(exception.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Database schema is up to date; migrations applied: {Migrations}")]
    private partial void LogMigrated(string migrations);

    [LoggerMessage(LogLevel.Warning, "The database does not answer yet, going on trying: {Reason}")]
    private partial void LogWaiting(string reason);
}
