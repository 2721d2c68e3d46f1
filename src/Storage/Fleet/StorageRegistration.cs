using Microsoft.Extensions.DependencyInjection;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>What a host needs of PostgreSQL.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// The one <c>NpgsqlDataSource</c> (enums mapped), the EF context factory, queries and stores. Connection string:
    /// <c>ConnectionStrings:Fleet</c>.
    /// </summary>
    public static IServiceCollection AddFleetStorage(this IServiceCollection services, string connectionString) =>
        throw new NotImplementedException(connectionString);

    /// <summary>Writers of the data plane: <c>FrameBatchWriter</c> with its journal. Workers only.</summary>
    public static IServiceCollection AddFrameBatches(this IServiceCollection services) => throw new NotImplementedException();

    /// <summary>Daily detection partitions: makes the coming days', drops those past retention. Control silos only.</summary>
    public static IServiceCollection AddDetectionRetention(this IServiceCollection services) => throw new NotImplementedException();

    /// <summary>Orleans over the shared data source: clustering, reminders, AdoNet storage as default, and the <c>fleet</c> provider.</summary>
    public static ISiloBuilder UseFleetPostgres(this ISiloBuilder silo) => throw new NotImplementedException();

    /// <summary>Orleans client over the shared data source.</summary>
    public static IClientBuilder UseFleetPostgres(this IClientBuilder client) => throw new NotImplementedException();
}
