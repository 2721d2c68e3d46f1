using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using OrleansAiFleet.FleetCli.Database;
using OrleansAiFleet.FleetCli.Processes;

namespace OrleansAiFleet.FleetCli.Tests.Database;

public sealed class PrivateServerTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("fleet-cli-db-").FullName;

    [Fact]
    public async Task The_private_server_is_made_once_asks_for_its_password_and_stops_cleanly()
    {
        var settings = FleetSettings.From(_ => null) with { Home = _home, DatabasePort = FreePort() };
        Directory.CreateDirectory(settings.LogFolder);
        File.SetUnixFileMode(_home, File.GetUnixFileMode(_home) | UnixFileMode.OtherExecute);
        var programs = PostgresPrograms.Find();
        var server = new PrivateServer(settings, programs);
        using var spawner = new Spawner();

        await using (var first = await server.StartAsync(spawner, _ => { }, CancellationToken.None))
        {
            Assert.Equal("1", await PsqlAsync(programs, settings, server.Password));
            Assert.Null(await PsqlAsync(programs, settings, "wrong"));
        }

        var password = server.Password;
        await using var second = await server.StartAsync(spawner, _ => { }, CancellationToken.None);
        Assert.Equal(password, server.Password);
        Assert.Equal("1", await PsqlAsync(programs, settings, password));
        await second.StopAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("database system is shut down", second.LogTail, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.ResolveLinkTarget(Path.Combine(_home, "postgres"), returnFinalTarget: true) is { } elsewhere)
        {
            Directory.Delete(elsewhere.FullName, recursive: true);
        }

        Directory.Delete(_home, recursive: true);
    }

    private static async Task<string?> PsqlAsync(PostgresPrograms programs, FleetSettings settings, string password)
    {
        var start = new ProcessStartInfo(
            programs.PathOf("psql"),
            ["-h", "127.0.0.1", "-p", $"{settings.DatabasePort}", "-U", "fleet", "-w", "-d", "postgres", "-Atc", "SELECT 1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = password;

        // The port answers a moment before the server takes sessions.
        for (var attempt = 0; ; attempt++)
        {
            using var psql = Process.Start(start)!;
            var error = psql.StandardError.ReadToEndAsync();
            var output = await psql.StandardOutput.ReadToEndAsync();
            await psql.WaitForExitAsync();
            if (psql.ExitCode == 0)
            {
                return output.Trim();
            }

            if (!(await error).Contains("starting up", StringComparison.Ordinal) || attempt > 100)
            {
                return null;
            }

            await Task.Delay(100);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
