using System.IO.Pipes;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

using OrleansAiFleet.GpuWorker.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>Files that lie in memory alone.</summary>
public sealed partial class SealedMemoryTests : IDisposable
{
    private readonly SealedMemory _memory = SealedMemory.Create();
    private readonly byte[] _content = [.. Enumerable.Range(0, 20_000).Select(each => (byte)each)];

    public SealedMemoryTests() => _memory.Write(0, _content);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Until_it_is_sealed_it_can_be_written()
    {
        using var file = OpenForWriting();

        RandomAccess.Write(file, "x"u8, fileOffset: 3);

        Assert.Equal((byte)'x', ReadAll()[3]);
    }

    [Fact]
    public void What_is_sealed_is_changed_by_nobody()
    {
        using var before = OpenForWriting();
        _memory.Seal();
        using var after = OpenForWriting();

        foreach (var file in new[] { before, after })
        {
            Assert.Throws<UnauthorizedAccessException>(() => RandomAccess.Write(file, "x"u8, fileOffset: 3));
            Assert.Throws<UnauthorizedAccessException>(() => RandomAccess.Write(file, "x"u8, _content.Length));
            Assert.Throws<UnauthorizedAccessException>(() => RandomAccess.SetLength(file, 3));
            Assert.Throws<UnauthorizedAccessException>(() => RandomAccess.SetLength(file, 40_000));
        }

        Assert.Throws<UnauthorizedAccessException>(() => _memory.Write(0, "x"u8));
        Assert.Throws<IOException>(() => _memory.Seal());
        Assert.Equal(_content, ReadAll());
    }

    [Fact]
    public void It_is_sealed_while_the_kernel_holds_a_page_of_it()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var file = File.OpenHandle(_memory.Path);
        using var end = new SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        long from = 0;
        Assert.Equal(4096, Splice(file, ref from, end, to: 0, bytes: 4096, flags: 0));

        _memory.Seal();

        using var written = OpenForWriting();
        Assert.Throws<UnauthorizedAccessException>(() => RandomAccess.Write(written, "x"u8, fileOffset: 3));
    }

    private SafeFileHandle OpenForWriting() => File.OpenHandle(_memory.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private byte[] ReadAll()
    {
        using var read = _memory.OpenRead();
        using var all = new MemoryStream();
        read.CopyTo(all);
        return all.ToArray();
    }

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Splice(SafeFileHandle file, ref long from, SafeFileHandle pipe, nint to, nint bytes, uint flags);
}
