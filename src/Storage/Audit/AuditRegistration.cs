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

    /// <summary>
    /// Notes the newest head in a file and logs it once an hour, outside the database; verifications compare. Control silos only.
    /// </summary>
    public static IServiceCollection AddAuditHeadLog(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>()
            .Validate(
                options => options.NoteInterval > TimeSpan.Zero,
                $"{AuditOptions.Section}:{nameof(AuditOptions.NoteInterval)} must be more than zero.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AuditOptions>>().Value.CreateNote());
        return services.AddHostedService<AuditHeadLog>();
    }
}
