using System.Globalization;

namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>
/// What a child process may do that reads what strangers send: it dies with the worker, gains no rights, writes no file, takes
/// no more memory than it is given, and where the worker is root it is somebody else, who has none of root's rights.
/// </summary>
/// <remarks>
/// Made of util-linux' <c>prlimit</c> and <c>setpriv</c>, each of which becomes the next program; where this machine lacks one,
/// what it does is not done. The limit of memory is <c>RLIMIT_DATA</c>: see setrlimit(2). The network is taken away by
/// <c>unshare</c>, which root may do, and others where the kernel gives everybody user namespaces.
/// </remarks>
internal sealed class ChildConfinement
{
    private const string Setpriv = "setpriv";
    private const string Prlimit = "prlimit";
    private const string Users = "/etc/passwd";

    // Sources, pipes and libraries; a child that opens more does something else than its work.
    private const int OpenFiles = 256;

    /// <summary>How a line begins with which a program that cannot be started is reported on its error output.</summary>
    public const string Complaint = Setpriv + ": ";

    private readonly string? _setpriv;
    private readonly string[] _limits;
    private readonly string[] _identity;
    private readonly string[] _isolation;

    /// <param name="rules">Who children are and what they may take.</param>
    /// <exception cref="InvalidOperationException">There is no such user.</exception>
    public ChildConfinement(ChildRules rules)
    {
        AdditionalEnvironment = rules.Environment;
        if (!OperatingSystem.IsLinux())
        {
            (_limits, _identity, _isolation) = ([], [], []);
            return;
        }

        _setpriv = Find(Setpriv);
        _limits = Find(Prlimit) is { } prlimit ? [prlimit, .. Limits(rules)] : [];
        _identity = _setpriv is not null && Environment.IsPrivilegedProcess ? Identity(rules) : [];
        _isolation = rules.Network ? [] : NetworkIsolation.Command();
    }

    /// <summary>Whether children are without a network.</summary>
    public bool IsWithoutNetwork => _isolation.Length > 0;

    /// <summary>What children get into their environment beside what they may have of this process's own.</summary>
    public IReadOnlyDictionary<string, string> AdditionalEnvironment { get; }

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
            return [.. _isolation, .. _limits, program, .. arguments];
        }

        string[] reading = GivesRightToRead(files) ? ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"] : [];
        return [.. _isolation, .. _limits, _setpriv, .. _identity, .. reading, "--pdeathsig", "KILL", "--no-new-privs", "--", program, .. arguments];
    }

    /// <summary>Whether a child that is to read these files gets the right to read any.</summary>
    public bool GivesRightToRead(IEnumerable<string> files) => IsSomebodyElse && !files.All(IsForEverybody);

    private static IEnumerable<string> Limits(ChildRules rules)
    {
        yield return "--core=0";
        yield return "--fsize=0";
        yield return string.Create(CultureInfo.InvariantCulture, $"--nofile={OpenFiles}");
        if (rules.MemoryBytes > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--data={rules.MemoryBytes}");
        }

        if (rules.ProcessorTime > TimeSpan.Zero)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--cpu={Math.Ceiling(rules.ProcessorTime.TotalSeconds)}");
        }
    }

    private static string[] Identity(ChildRules rules)
    {
        foreach (var line in File.ReadLines(Users))
        {
            // name:password:uid:gid:…, passwd(5)
            if (line.Split(':') is [var name, _, var id, var group, ..] && name == rules.User)
            {
                return [$"--reuid={id}", $"--regid={group}", "--init-groups"];
            }
        }

        throw new InvalidOperationException(
            $"{rules.UserKey}: there is no user '{rules.User}' in {Users}. Name one that has no rights, as nobody.");
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
            // The child will say so.
            return true;
        }
    }

    internal static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
