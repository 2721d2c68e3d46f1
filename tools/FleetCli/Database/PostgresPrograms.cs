using System.Diagnostics;
using System.Globalization;

namespace OrleansAiFleet.FleetCli.Database;

/// <summary>PostgreSQL's programs on this machine.</summary>
/// <param name="Folder">Where <c>initdb</c>, <c>postgres</c> and <c>psql</c> lie.</param>
internal sealed record PostgresPrograms(string Folder)
{
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The newest version installed.</summary>
    /// <exception cref="FleetCliException">There is none.</exception>
    public static PostgresPrograms Find()
    {
        var folders = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder)
                .OrderByDescending(folder => double.TryParse(
                    Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var found = folders.Concat(paths).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
        return found is null
            ? throw new FleetCliException(
                "PostgreSQL's server programs are not installed. Install the package 'postgresql' (15 or newer), or name a server in ConnectionStrings__Fleet.")
            : new(found);
    }

    /// <summary>The path of a program.</summary>
    public string PathOf(string program) => Path.Combine(Folder, program);

    /// <summary>
    /// A program as the user the server runs as: PostgreSQL refuses root, so root hands over to <c>postgres</c>.
    /// </summary>
    public ProcessStartInfo AsServerUser(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo { WorkingDirectory = "/" };
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", PathOf(program), .. arguments]
            : [PathOf(program), .. arguments];
        start.FileName = command[0];
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
