using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Registers the store of model files.</summary>
public static class ModelFileRegistration
{
    /// <summary>The store; part of <c>AddFleetStorage</c>. Needs an <see cref="IDataKeyWrapper"/>.</summary>
    internal static IServiceCollection AddModelFiles(this IServiceCollection services)
    {
        services.AddOptions<ModelStoreOptions>();
        services.TryAddSingleton<IValidateOptions<ModelStoreOptions>, ModelStoreOptionsValidator>();
        services.AddSingleton<ModelFileLocations>();
        services.AddSingleton<ModelFileRemovals>();
        services.AddSingleton<PendingUploads>();
        services.AddSingleton<ExpiredUploads>();
        services.AddSingleton(provider => new ModelFileStore(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<IDataKeyWrapper>(),
            provider.GetRequiredService<ModelFileLocations>(),
            provider.GetRequiredService<ModelFileRemovals>()));
        services.AddSingleton<DataKeyRotation>();
        return services;
    }

    /// <summary>Encrypts what was stored plain, rotates keys, removes what is to go. Control silos only.</summary>
    public static IServiceCollection AddModelFileUpkeep(this IServiceCollection services)
    {
        services.AddSingleton<PlainFileEncryption>();
        services.AddSingleton<UnusedFiles>();
        return services.AddHostedService<ModelFileUpkeep>();
    }
}
