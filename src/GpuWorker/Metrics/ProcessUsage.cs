using System.Globalization;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>What one process used since it started.</summary>
/// <param name="Started">Tells it from an earlier process of the same id.</param>
/// <param name="Cpu">User and system time.</param>
/// <param name="MemoryBytes">Resident memory now.</param>
/// <param name="ReadBytes">Read from disks.</param>
/// <param name="WriteBytes">Written to disks.</param>
internal readonly record struct ProcessUsage(
    ulong Started, TimeSpan Cpu, long MemoryBytes, long ReadBytes, long WriteBytes)
{
    // USER_HZ: the unit of times in /proc, 100 per second on every architecture .NET runs on.
    private const int TicksPerSecond = 100;

    // Fields of /proc/<pid>/stat behind the name in parentheses (proc(5): numbers 14, 15, 22 and 24).
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int StartTime = 19;
    private const int ResidentPages = 21;

    /// <summary>Reads a process; null where it is gone, or cannot be read here.</summary>
    public static ProcessUsage? Read(int processId) =>
        OperatingSystem.IsLinux() ? ReadProc($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}")
        : processId == Environment.ProcessId ? ReadSelf()
        : null;

    /// <summary>The text of <c>/proc/…/stat</c> and <c>/proc/…/io</c>, the latter empty where it may not be read.</summary>
    internal static ProcessUsage? Parse(string stat, string io)
    {
        // The name may hold blanks and parentheses of its own: fields count from the last one.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= ResidentPages)
        {
            return null;
        }

        var ticks = Number(fields[UserTime]) + Number(fields[SystemTime]);
        return new(
            (ulong)Number(fields[StartTime]),
            TimeSpan.FromSeconds((double)ticks / TicksPerSecond),
            Number(fields[ResidentPages]) * Environment.SystemPageSize,
            Line(io, "read_bytes:"),
            Line(io, "write_bytes:"));
    }

    private static ProcessUsage? ReadProc(string folder)
    {
        try
        {
            var stat = File.ReadAllText(folder + "/stat");
            return Parse(stat, ReadIo(folder + "/io"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ReadIo(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static ProcessUsage ReadSelf() =>
        new(0, OperatingSystem.IsBrowser() ? TimeSpan.Zero : Environment.CpuUsage.TotalTime, Environment.WorkingSet, 0, 0);

    private static long Line(string text, string name)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return Number(line[name.Length..]);
            }
        }

        return 0;
    }

    private static long Number(string text) =>
        long.TryParse(text.Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
