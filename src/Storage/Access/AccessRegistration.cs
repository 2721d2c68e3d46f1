using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Access;

/// <summary>Registers people, grants and keys.</summary>
internal static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddPooledDbContextFactory<AccessContext>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), postgres => postgres.MapFleetEnums())
            .UseFleetConventions(provider));

        // Identity's own store asks for a context of the request.
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<AccessContext>>().CreateDbContext());
        services.AddSingleton<IAccessReader, AccessReader>();
        services.AddSingleton<PeopleStore>();
        services.AddSingleton<ApiKeyStore>();
        return services;
    }
}
