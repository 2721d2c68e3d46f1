using System.Diagnostics;
using System.Globalization;

namespace OrleansAiFleet.Testing;

/// <summary>The temporary folder of a private server: its files and its socket.</summary>
/// <remarks>
/// The name carries the id and start time of the process it belongs to, so that a later run can tell what was left
/// behind by one that was killed together with its launcher.
/// </remarks>
internal sealed class PostgresFolder
{
    private const string Prefix = "fleet-pg-";

    // A test's data need not survive the machine, but a crash of the server: what is committed is written, not synced.
    private static readonly string[] Quick =
        ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=64MB", "-c", "max_wal_size=512MB"];

    // PostgreSQL's defaults spelt out, and the fleet's own memory.
    private static readonly string[] Durable =
        ["-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c", "shared_buffers=256MB"];

    private readonly bool _durable;

    private PostgresFolder(string path, bool durable = false) => (Path, _durable) = (path, durable);

    public string Path { get; }

    public IEnumerable<string> ServerCommand =>
    [
        PostgresPrograms.PathOf("postgres"), "-D", DataFolder, "-k", Path, "-h", "",
        "-c", "max_connections=300", "-c", "random_page_cost=1.1", .. _durable ? Durable : Quick,
    ];

    private string DataFolder => System.IO.Path.Combine(Path, "data");

    public static async Task<PostgresFolder> CreateAsync(bool durable, CancellationToken cancellationToken)
    {
        await RemoveStaleAsync(cancellationToken);
        using var self = Process.GetCurrentProcess();
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{self.Id}-{StartOf(self)}-{Guid.NewGuid().ToString("N")[..8]}");
        var folder = new PostgresFolder(System.IO.Path.Combine(System.IO.Path.GetTempPath(), name), durable);
        var (exitCode, output) = await PostgresPrograms.RunAsync(
            "initdb",
            ["-D", folder.DataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            cancellationToken);
        return exitCode == 0 ? folder : throw new InvalidOperationException($"initdb failed: {output}");
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        (await PostgresPrograms.RunAsync("pg_isready", ["-q", "-h", Path], cancellationToken)).ExitCode == 0;

    public async Task StopServerAsync(string mode, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await PostgresPrograms.RunAsync(
            "pg_ctl", ["stop", "-D", DataFolder, "-m", mode, "-w", "-t", "60"], cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"pg_ctl stop failed: {output}");
        }
    }

    public string ReadLog()
    {
        var log = System.IO.Path.Combine(Path, "server.log");
        return File.Exists(log) ? File.ReadAllText(log) : "no log";
    }

    public void Remove()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private static async Task RemoveStaleAsync(CancellationToken cancellationToken)
    {
        foreach (var path in Directory.GetDirectories(System.IO.Path.GetTempPath(), Prefix + "*").Where(IsStale))
        {
            // Several runs may clean up at once: whoever comes second finds less, or nothing.
            try
            {
                var folder = new PostgresFolder(path);
                await PostgresPrograms.RunAsync(
                    "pg_ctl", ["stop", "-D", folder.DataFolder, "-m", "immediate", "-w", "-t", "10"], cancellationToken);
                folder.Remove();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
    }

    private static bool IsStale(string path)
    {
        var parts = System.IO.Path.GetFileName(path)[Prefix.Length..].Split('-');
        if (parts.Length != 3 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        try
        {
            using var owner = Process.GetProcessById(id);
            return parts[1] != StartOf(owner);
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    // Field 22 of /proc/<id>/stat, in clock ticks since boot: exact, unlike a wall-clock time derived from it.
    private static string StartOf(Process process)
    {
        var stat = $"/proc/{process.Id}/stat";
        if (!File.Exists(stat))
        {
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }

        var text = File.ReadAllText(stat);
        return text[(text.LastIndexOf(')') + 2)..].Split(' ')[19];
    }
}
