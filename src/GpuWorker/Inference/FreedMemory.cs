using System.Runtime.InteropServices;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Freed native memory: back to the system, not kept by the C library for later.</summary>
internal static partial class FreedMemory
{
    /// <summary>
    /// Milliseconds of work, after a model went. Without it glibc keeps what lies between other threads' blocks: swapping
    /// models back and forth then holds twice the memory that is in use.
    /// </summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library: it has no such call and keeps less.
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint pad);
}
