using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>
/// A file that has no name and lies in memory alone (<c>memfd_create(2)</c>), for what must not come to the disk and is
/// opened by path. Written once, then sealed: nothing can change it while it is read. Gone when it is disposed and what was
/// opened of it is closed. Children of this process do not get it.
/// </summary>
internal sealed partial class SealedMemory : IDisposable
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const uint NeverExecutable = 8;
    private const int AddSeals = 1033;
    private const int SizeAndSeals = 1 | 2 | 4;
    private const int Writes = 8;
    private const int WritesFromNowOn = 16;

    private readonly SafeFileHandle _file;

    private SealedMemory(SafeFileHandle file) => _file = file;

    /// <summary>While this is not disposed.</summary>
    /// <exception cref="ObjectDisposedException">It is.</exception>
    public string Path
    {
        get
        {
            ObjectDisposedException.ThrowIf(_file.IsClosed, this);
            return $"/proc/self/fd/{_file.DangerousGetHandle()}";
        }
    }

    /// <exception cref="IOException">The system gives none.</exception>
    public static SealedMemory Create()
    {
        // Systems may ask for memory that is never executable; those before Linux 6.3 do not know it.
        const string Name = "fleet-model";
        var file = CreateMemoryFile(Name, CloseOnExec | AllowSealing | NeverExecutable);
        file = file >= 0 ? file : CreateMemoryFile(Name, CloseOnExec | AllowSealing);
        return file >= 0
            ? new(new SafeFileHandle(file, ownsHandle: true))
            : throw new IOException($"There is no memory for a model file: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <exception cref="IOException">Memory is used up.</exception>
    public void Write(long offset, ReadOnlySpan<byte> content) => RandomAccess.Write(_file, content, offset);

    /// <summary>Nothing can be written from here on, by nobody.</summary>
    /// <exception cref="IOException">It could not be sealed.</exception>
    public void Seal()
    {
        // Nothing has it mapped for writing, so that what may begin from now on is all there is. The older seal is refused where
        // the kernel itself holds a page for longer than a moment; systems before Linux 5.1 have that one alone.
        if (FileControl(_file, AddSeals, SizeAndSeals | WritesFromNowOn) < 0 && FileControl(_file, AddSeals, SizeAndSeals | Writes) < 0)
        {
            throw new IOException($"A model file in memory could not be sealed: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    /// <summary>From its start, with a position of its own.</summary>
    public Stream OpenRead() => new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read);

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(SafeFileHandle file, int command, int value);
}
