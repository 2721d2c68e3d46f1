using System.Globalization;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>Memory of this process as the kernel counts it (proc(5)); 0 where there is no such file.</summary>
internal static class ProcessMemory
{
    private const string Status = "/proc/self/status";
    private const string Counters = "/proc/self/clear_refs";

    /// <summary>In memory now, in bytes.</summary>
    public static long Resident() => Read("VmRSS:");

    /// <summary>Most that was in memory since the start, or since <see cref="ForgetPeak"/>, in bytes.</summary>
    public static long Peak() => Read("VmHWM:");

    /// <summary>Makes <see cref="Peak"/> count from now, where the kernel allows it.</summary>
    public static void ForgetPeak()
    {
        try
        {
            File.WriteAllText(Counters, "5");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The peak then includes what came before: more than the model's own, never less.
        }
    }

    private static long Read(string name)
    {
        if (!File.Exists(Status))
        {
            return 0;
        }

        // VmHWM:     123456 kB
        var line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) ?? "";
        var number = line[Math.Min(name.Length, line.Length)..].Replace("kB", "", StringComparison.Ordinal);
        return long.TryParse(number, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var kilobytes)
            ? kilobytes * 1024
            : 0;
    }
}
