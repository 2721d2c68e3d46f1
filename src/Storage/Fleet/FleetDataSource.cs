using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Makes the one data source of a process.</summary>
public static class FleetDataSource
{
    /// <summary>A data source that knows the fleet's enum types. Who creates it disposes it.</summary>
    public static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers = null)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        if (string.IsNullOrEmpty(builder.ConnectionStringBuilder.ApplicationName))
        {
            builder.ConnectionStringBuilder.ApplicationName = "OrleansAiFleet";
        }

        builder.UseLoggerFactory(loggers);
        builder.MapFleetEnums();
        return builder.Build();
    }
}
