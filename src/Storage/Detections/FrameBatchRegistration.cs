using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>The data plane's way to PostgreSQL. Needs the <c>NpgsqlDataSource</c> that <c>AddFleetStorage</c> registers.</summary>
public static class FrameBatchRegistration
{
    /// <summary>
    /// Writers of the data plane: <c>FrameBatchWriter</c> with its journal. Workers only; before whatever hands batches over,
    /// so that it stops after it.
    /// </summary>
    public static IServiceCollection AddFrameBatches(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<FrameBatchOptions>()
            .BindConfiguration(FrameBatchOptions.Section)
            .PostConfigure<NpgsqlDataSource>((options, database) =>
                options.JournalFolder = Path.Combine(options.JournalFolder, NameOf(database)))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<FrameBatchOptions>, FrameBatchOptionsValidator>();
        services.AddSingleton(provider =>
            JournalFolder.Create(provider.GetRequiredService<IOptions<FrameBatchOptions>>().Value.JournalFolder));
        services.AddSingleton<FrameBatchWriter>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FrameBatchWriter>());
        return services;
    }

    // Two fleets on one machine may share the folder: none may bring the other's batches to its own database.
    private static string NameOf(NpgsqlDataSource database)
    {
        var target = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var name = string.Create(CultureInfo.InvariantCulture, $"{target.Host}:{target.Port}/{target.Database}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
    }
}
