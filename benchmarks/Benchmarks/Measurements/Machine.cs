using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>The machine that measures.</summary>
public static class Machine
{
    /// <summary>One line: processor, cores, memory, vectors, system, runtime.</summary>
    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        var vectors = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        return FormattableString.Invariant(
            $"{Processor()}, {Environment.ProcessorCount} cores, {memory:0.0} GiB, vectors of {vectors} bits, ")
            + $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>How busy it is now, this process included: processes that run or want to, over the last minute.</summary>
    public static string Load() => File.Exists("/proc/loadavg")
        ? $"load before the start {File.ReadAllText("/proc/loadavg").Split(' ')[0]}"
        : "load unknown";

    private static string Processor()
    {
        const string Field = "model name";
        var line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith(Field, StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
