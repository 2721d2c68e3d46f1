using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansAiFleet.Audit;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>Registers the audit trail.</summary>
public static class AuditRegistration
{
    /// <summary>
    /// The trail, its queries and its verifier; part of <c>AddFleetStorage</c>. An <see cref="IAuditSigner"/> that is
    /// registered before it is used in place of the one that <see cref="AuditOptions"/> name.
    /// </summary>
    internal static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section);
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<AuditOptions>>().Value.CreateSigner());
        services.AddSingleton(provider => new Lazy<IAuditSigner>(provider.GetRequiredService<IAuditSigner>));
        services.AddSingleton<FleetCaller>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<IAuditTrail>(provider => provider.GetRequiredService<AuditTrail>());
        services.AddSingleton<AuditInterceptor>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<AuditVerifier>();
        return services;
    }

    /// <summary>Every save of the context records what it changes. For every context that writes to the fleet's database.</summary>
    public static DbContextOptionsBuilder UseAudit(this DbContextOptionsBuilder options, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddInterceptors(services.GetRequiredService<AuditInterceptor>());
    }

    /// <summary>Logs the newest head once an hour, outside the database. Control silos only.</summary>
    public static IServiceCollection AddAuditHeadLog(this IServiceCollection services) =>
        services.AddHostedService<AuditHeadLog>();
}
