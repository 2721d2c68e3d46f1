using System.Data.Common;
using System.Diagnostics;

using OrleansAiFleet.FleetCli.Database;

namespace OrleansAiFleet.FleetCli.Commands;

/// <summary><c>./fleet psql</c>: opens the fleet's database with PostgreSQL's own client.</summary>
internal static class PsqlCommand
{
    /// <summary>Returns the client's exit code.</summary>
    /// <exception cref="FleetCliException">There is no database yet.</exception>
    public static async Task<int> RunAsync(FleetSettings settings, string[] arguments)
    {
        var programs = PostgresPrograms.Find();
        var server = new PrivateServer(settings, programs);
        if (settings.ConnectionString is null && !server.Exists)
        {
            throw new FleetCliException("there is no database yet: ./fleet run makes it.");
        }

        var parts = new DbConnectionStringBuilder { ConnectionString = settings.ConnectionString ?? server.ConnectionString };
        var start = new ProcessStartInfo(programs.PathOf("psql"), arguments);
        Set("PGHOST", "Host", "Server");
        Set("PGPORT", "Port");
        Set("PGUSER", "Username", "User Id", "User ID", "User");
        Set("PGPASSWORD", "Password");
        Set("PGDATABASE", "Database", "DB");
        using var psql = Process.Start(start)!;
        await psql.WaitForExitAsync();
        return psql.ExitCode;

        void Set(string variable, params string[] names)
        {
            if (names.FirstOrDefault(parts.ContainsKey) is { } name)
            {
                start.Environment[variable] = parts[name].ToString();
            }
        }
    }
}
