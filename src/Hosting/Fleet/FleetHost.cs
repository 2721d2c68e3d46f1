using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Health;
using OrleansAiFleet.Hosting.Telemetry;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>What every host of the fleet has in common.</summary>
public static class FleetHost
{
    /// <summary>Longer than Orleans' own limit for letting grains go, with room to flush what is still in memory.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Far above what browsers and cameras of a fleet open, below what a process has handles for.</summary>
    private const int MaxConnections = 10_000;

    /// <summary>Defaults, logging, the database, telemetry and health of one host.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or would open the host to others; says which.</exception>
    public static WebApplicationBuilder AddFleet(this WebApplicationBuilder builder, FleetRole role)
    {
        FleetDefaults.AddTo(builder.Configuration, role);
        LoopbackGuard.Apply(builder);
        TrustedProxies.Check(builder.Configuration);
        AddConsoleLogging(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Limit(kestrel);
            HttpsCertificate.Apply(kestrel, builder.Configuration);
        });
        builder.Services.AddOptions<NetworkOptions>().BindConfiguration(NetworkOptions.Section);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddFleetStorage(ConnectionString(builder.Configuration));
        builder.Services.AddOptions<ModelStoreOptions>().BindConfiguration(ModelStoreOptions.Section).ValidateOnStart();
        builder.Services.AddHostedService<ExposureWarning>();
        builder.Services.AddHostedService<AuthorityFile>();
        builder.Services.AddFleetAccess(makesKeys: role is FleetRole.Silo);
        builder.AddFleetTelemetry(role);
        return builder;
    }

    /// <summary><c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>.</summary>
    public static WebApplication MapFleet(this WebApplication app)
    {
        app.MapFleetHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAccess(AccessAction.ReadMetrics);
        return app;
    }

    /// <summary>Runs the host until it is told to stop. Being told so while it still starts is an orderly end too.</summary>
    public static async Task RunFleetAsync(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // A console waits for its cluster and a silo for its database for as long as it takes.
        }
    }

    // A caller who is slow on purpose, or sends heads without end, must not hold what others need.
    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MaxConnections;
    }

    private static string ConnectionString(IConfiguration configuration) =>
        configuration.GetConnectionString("Fleet") is { Length: > 0 } connection
            ? connection
            : throw new InvalidOperationException(
                "ConnectionStrings:Fleet is not set. Give the PostgreSQL connection string, for example "
                + "ConnectionStrings__Fleet='Host=127.0.0.1;Database=fleet;Username=fleet;Password=…'.");

    private static void AddConsoleLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders().AddConsole();
        logging.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<SimpleConsoleFormatterOptions>(WriteUtc);
        logging.Services.Configure<JsonConsoleFormatterOptions>(WriteUtc);
    }

    private static void WriteUtc(ConsoleFormatterOptions console)
    {
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    }
}
