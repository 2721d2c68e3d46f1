using System.Globalization;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// What a child process may do that reads what strangers send: it dies with the worker, gains no rights, writes no file, takes
/// no more memory than it is given, and where the worker is root it is somebody else, who has none of root's rights.
/// </summary>
/// <remarks>
/// Made of util-linux' <c>prlimit</c> and <c>setpriv</c>, each of which becomes the next program; where this machine lacks one,
/// what it does is not done. The limit of memory is <c>RLIMIT_DATA</c>: see setrlimit(2).
/// </remarks>
internal sealed class ChildConfinement
{
    private const string Setpriv = "setpriv";
    private const string Prlimit = "prlimit";
    private const string Users = "/etc/passwd";

    // Sources, pipes and libraries; a child that opens more does something else than decode.
    private const int OpenFiles = 256;

    /// <summary>How a line begins with which a program that cannot be started is reported on its error output.</summary>
    public const string Complaint = Setpriv + ": ";

    private readonly string? _setpriv;
    private readonly string[] _limits;
    private readonly string[] _identity;

    /// <param name="user">Whom children run as where this process is root.</param>
    /// <param name="memoryBytes">Most memory of one child; 0 for no limit.</param>
    /// <exception cref="InvalidOperationException">There is no such user.</exception>
    public ChildConfinement(string user, long memoryBytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            (_limits, _identity) = ([], []);
            return;
        }

        _setpriv = Find(Setpriv);
        _limits = Find(Prlimit) is { } prlimit ? [prlimit, .. Limits(memoryBytes)] : [];
        _identity = _setpriv is not null && Environment.IsPrivilegedProcess ? Identity(user) : [];
    }

    /// <summary>False where children outlive a killed worker (no <c>setpriv</c> on this machine).</summary>
    public bool ChildrenDieWithUs => _setpriv is not null;

    /// <summary>Whether children are somebody else than this process.</summary>
    public bool IsSomebodyElse => _identity.Length > 0;

    /// <summary>The command that becomes the program, confined.</summary>
    /// <param name="program">To start.</param>
    /// <param name="arguments">Its own.</param>
    /// <param name="files">Files that it is to read. Those that not everybody may read it gets by a right to read alone.</param>
    public IReadOnlyList<string> Command(string program, IEnumerable<string> arguments, IEnumerable<string> files)
    {
        if (_setpriv is null)
        {
            return [.. _limits, program, .. arguments];
        }

        string[] reading = IsSomebodyElse && !files.All(IsForEverybody) ? ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"] : [];
        return [.. _limits, _setpriv, .. _identity, .. reading, "--pdeathsig", "KILL", "--no-new-privs", "--", program, .. arguments];
    }

    private static IEnumerable<string> Limits(long memoryBytes)
    {
        yield return "--core=0";
        yield return "--fsize=0";
        yield return string.Create(CultureInfo.InvariantCulture, $"--nofile={OpenFiles}");
        if (memoryBytes > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--data={memoryBytes}");
        }
    }

    private static string[] Identity(string user)
    {
        foreach (var line in File.ReadLines(Users))
        {
            // name:password:uid:gid:…, passwd(5)
            if (line.Split(':') is [var name, _, var id, var group, ..] && name == user)
            {
                return [$"--reuid={id}", $"--regid={group}", "--init-groups"];
            }
        }

        throw new InvalidOperationException(
            $"{CameraOptions.Section}:{nameof(CameraOptions.User)}: there is no user '{user}' in {Users}. Name one that has no rights, as nobody.");
    }

    private static bool IsForEverybody(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        try
        {
            for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (!File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))
                {
                    return false;
                }
            }

            return File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // ffmpeg will say so.
            return true;
        }
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
