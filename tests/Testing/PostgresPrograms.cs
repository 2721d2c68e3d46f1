using System.Diagnostics;

namespace OrleansAiFleet.Testing;

/// <summary>Finds PostgreSQL's programs and runs them as somebody they accept: they refuse to run as root.</summary>
internal static class PostgresPrograms
{
    private static readonly string Folder = Find();

    public static string PathOf(string program) => Path.Combine(Folder, program);

    /// <summary>A program to start, as user <c>postgres</c> where this process is root.</summary>
    public static ProcessStartInfo AsOwner(string program, IEnumerable<string> arguments)
    {
        string[] asOwner = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program]
            : [program];
        return new ProcessStartInfo(asOwner[0], [.. asOwner[1..], .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
    }

    /// <summary>Runs a program of PostgreSQL to its end.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = AsOwner(PathOf(program), arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await error);
    }

    private static string Find()
    {
        const string Installed = "/usr/lib/postgresql";
        var versions = Directory.Exists(Installed) ? Directory.GetDirectories(Installed) : [];
        var folders = versions
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException(
                "These tests need PostgreSQL 15 or newer: install it (Debian: postgresql), or name a server whose user "
                + "may create databases in ConnectionStrings__FleetTests.");
    }
}
