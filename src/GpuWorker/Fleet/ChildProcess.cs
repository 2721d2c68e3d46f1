using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

using OrleansAiFleet.GpuWorker.Metrics;

namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>A child process and its three pipes. Disposing kills it, waits until it is gone and closes the pipes.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SetPipeSize = 1031;
    private const int PipeBytes = 1 << 20;

    private readonly Process _process;
    private readonly IChildProcesses? _register;
    private bool _disposed;

    public ChildProcess(Process process, IChildProcesses? register)
    {
        (_process, _register) = (process, register);
        Id = process.Id;
        _register?.Add(Id);
    }

    public int Id { get; }

    /// <summary>Where its standard input is written to; <see cref="EndInput"/> ends it.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public StreamReader Errors => _process.StandardError;

    /// <summary>Exit code; only after <see cref="WaitAsync"/>.</summary>
    public int ExitCode => _process.ExitCode;

    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Makes the output pipe hold 1 MiB instead of 64 KiB: fewer, larger reads. Where it may not, nothing is lost.</summary>
    public void EnlargeOutputPipe()
    {
        if (OperatingSystem.IsLinux() && Output is AnonymousPipeClientStream pipe)
        {
            _ = FileControl(pipe.SafePipeHandle, SetPipeSize, PipeBytes);
        }
    }

    /// <summary>Tells the process that no more input comes.</summary>
    /// <exception cref="IOException">It reads no more.</exception>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Gives the process its standard input, all of it.</summary>
    public async Task WriteInputAsync(string? text, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteAsync(text.AsMemory(), cancellationToken);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code and last words say why.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _register?.Remove(Id);
        try
        {
            await _process.StandardInput.DisposeAsync();
        }
        catch (IOException)
        {
            // Text that nobody reads any more.
        }

        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(SafePipeHandle file, int command, int value);
}
