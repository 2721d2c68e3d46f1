using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;

using OrleansAiFleet.FleetCli.Processes;

namespace OrleansAiFleet.FleetCli.Database;

/// <summary>The fleet's own PostgreSQL: made at the first run, kept under the fleet's home, on loopback with a password.</summary>
internal sealed class PrivateServer(FleetSettings settings, PostgresPrograms programs)
{
    private const string User = "fleet";

    private string PasswordFile => Path.Combine(settings.Home, "postgres.password");

    private string LinkedFolder => Path.Combine(settings.Home, "postgres");

    /// <summary>How hosts reach it.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={settings.DatabasePort};Username={User};Password={Password};Database=fleet;Maximum Pool Size=40";

    /// <summary>Its password; the file is for its owner alone.</summary>
    public string Password => File.ReadAllText(PasswordFile).Trim();

    /// <summary>True once it was made.</summary>
    public bool Exists => File.Exists(PasswordFile) && File.Exists(Path.Combine(DataFolder, "PG_VERSION"));

    private string DataFolder => Directory.ResolveLinkTarget(LinkedFolder, returnFinalTarget: true)?.FullName ?? LinkedFolder;

    /// <summary>Makes it where it is not there yet, starts it, and waits until it answers.</summary>
    /// <exception cref="FleetCliException">It cannot be made or does not come up.</exception>
    public async Task<ChildProcess> StartAsync(Spawner spawner, Action<string> tell, CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            tell("making a private PostgreSQL");
            await CreateAsync(cancellationToken);
        }

        var start = programs.AsServerUser(
            "postgres",
            "-D", DataFolder,
            "-c", $"port={settings.DatabasePort.ToString(CultureInfo.InvariantCulture)}",
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
            "-c", "max_connections=200",
            "-c", "random_page_cost=1.1",
            "-c", "shared_buffers=256MB");
        var child = await ChildProcess.StartAsync("postgres", spawner, settings, start, stopsOnInterrupt: true, tell);
        await WaitUntilUpAsync(child, cancellationToken);
        return child;
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var folder = ChooseFolder();
        await File.WriteAllTextAsync(PasswordFile, Convert.ToHexString(RandomNumberGenerator.GetBytes(24)), cancellationToken);
        File.SetUnixFileMode(PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // initdb reads the password as the server's user, so that user owns a copy for as long as it takes.
        var copy = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(copy, Password, cancellationToken);
            GiveToServerUser(copy);
            await InitializeAsync(folder, copy, cancellationToken);
        }
        catch
        {
            File.Delete(PasswordFile);
            throw;
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private async Task InitializeAsync(string folder, string passwordFile, CancellationToken cancellationToken)
    {
        var start = programs.AsServerUser(
            "initdb", "-D", folder, "-U", User, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C.UTF-8");
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        using var initdb = Process.Start(start)!;
        var output = initdb.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = await initdb.StandardError.ReadToEndAsync(cancellationToken);
        _ = await output;
        await initdb.WaitForExitAsync(cancellationToken);
        if (initdb.ExitCode != 0)
        {
            throw new FleetCliException($"PostgreSQL's data folder {folder} cannot be made: {error.Trim()}");
        }
    }

    private static void GiveToServerUser(string path)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", ["postgres:postgres", path]);
            chown.WaitForExit();
        }
    }

    /// <summary>
    /// The data lies in the fleet's home. Where root's home keeps the server's user out, it lies under /var/lib and the
    /// fleet's home links to it.
    /// </summary>
    private string ChooseFolder()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return LinkedFolder;
        }

        var folder = LinkedFolder;
        if (!IsOpenToAll(settings.Home))
        {
            var name = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(settings.Home)))[..16];
            folder = $"/var/lib/orleans-ai-fleet/{name}";
            if (Directory.Exists(folder))
            {
                folder += "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
            }

            Directory.CreateDirectory(folder);
            Directory.CreateSymbolicLink(LinkedFolder, folder);
        }

        Directory.CreateDirectory(folder);
        GiveToServerUser(folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    private static bool IsOpenToAll(string folder)
    {
        for (var parent = folder; parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if ((File.GetUnixFileMode(parent) & UnixFileMode.OtherExecute) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private async Task WaitUntilUpAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (child.HasExited)
            {
                throw new FleetCliException($"PostgreSQL ended at its start:\n{child.LogTail}");
            }

            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync("127.0.0.1", settings.DatabasePort, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100, deadline.Token);
            }
        }
    }
}
