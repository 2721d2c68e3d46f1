using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using Npgsql;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>What hosts encrypt with: keys that all of them share, in the database, closed with the master key.</summary>
internal static class FleetDataProtection
{
    /// <param name="services">Has the fleet's storage.</param>
    /// <param name="makesKeys">Control silos make keys; the others wait for them, so that all use the same from the start.</param>
    public static IServiceCollection AddFleetDataProtection(this IServiceCollection services, bool makesKeys)
    {
        services.AddOptions<MasterKeyOptions>().BindConfiguration(MasterKeyOptions.Section)
            .Validate(static options => options.Read().Count > 0).ValidateOnStart();
        var protection = services.AddDataProtection().SetApplicationName("OrleansAiFleet");
        if (!makesKeys)
        {
            protection.DisableAutomaticKeyGeneration();
        }

        services.AddOptions<KeyManagementOptions>().Configure<NpgsqlDataSource, IOptions<MasterKeyOptions>>((keys, database, master) =>
        {
            keys.XmlRepository = new StoredKeyRing(database);
            keys.XmlEncryptor = new KeyRingEncryption(master);
        });
        services.AddSingleton<HostCertificates>();
        services.AddSingleton<IDataKeyWrapper>(provider =>
            new MasterKeyWrapper(provider.GetRequiredService<IOptions<MasterKeyOptions>>().Value.Read()));
        services.AddSingleton<IDestinationSecrets, DestinationSecrets>();
        return services.AddSingleton<ICameraSecrets, CameraSecrets>();
    }
}
