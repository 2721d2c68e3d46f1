using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>Where an inspecting process writes its answer, so that nothing else gets in between.</summary>
internal static partial class AnswerStream
{
    private const int Output = 1;
    private const int Errors = 2;

    /// <summary>Opens it; from then on what native code prints on the standard output goes to the error output.</summary>
    public static Stream Open()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Console.OpenStandardOutput();
        }

        var own = Duplicate(Output);
        return own >= 0 && Replace(Errors, Output) >= 0
            ? new FileStream(new SafeFileHandle(own, ownsHandle: true), FileAccess.Write, bufferSize: 0)
            : Console.OpenStandardOutput();
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int file);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Replace(int file, int by);
}
