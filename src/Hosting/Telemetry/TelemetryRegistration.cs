using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using Npgsql;

using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Hosting.Telemetry;

/// <summary>OpenTelemetry of one host.</summary>
internal static class TelemetryRegistration
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static WebApplicationBuilder AddFleetTelemetry(this WebApplicationBuilder builder, FleetRole role)
    {
        builder.Services.AddOptions<TelemetryOptions>()
            .BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"fleet-{role.ToString().ToLowerInvariant()}", serviceNamespace: "orleans-ai-fleet"))
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.Orleans", "OrleansAiFleet.*", "Npgsql")
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter())
            .WithTracing(traces => traces
                .SetSampler(services => new ParentBasedSampler(new TraceIdRatioBasedSampler(
                    services.GetRequiredService<IOptions<TelemetryOptions>>().Value.TraceRatio)))
                .AddSource("Microsoft.Orleans.*", "OrleansAiFleet.*")
                .AddAspNetCoreInstrumentation()
                .AddNpgsql());
        if (!string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]))
        {
            telemetry.UseOtlpExporter();
        }

        return builder;
    }
}
