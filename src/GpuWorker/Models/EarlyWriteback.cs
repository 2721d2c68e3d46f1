using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Lets the system begin to write a file to the disk while more of it comes, so that the sync at its end is short.</summary>
internal static partial class EarlyWriteback
{
    private const uint BeginWriting = 2;

    /// <summary>Begins to write a range. A hint: where the system does not take it, the sync at the end does all.</summary>
    public static void Begin(SafeFileHandle file, long offset, long bytes) => _ = SyncFileRange(file, offset, bytes, BeginWriting);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long bytes, uint flags);
}
