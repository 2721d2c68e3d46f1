using System.Runtime.InteropServices;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>
/// Takes from this process, for good, the calls of the kernel that no model needs: network, other programs, other processes.
/// Made of seccomp(2) with a filter for every thread.
/// </summary>
internal static partial class SystemCallFilter
{
    private const int NoNewPrivileges = 38;
    private const int SetFilter = 1;
    private const int EveryThread = 1;

    /// <summary>Applies it.</summary>
    /// <returns>False where this kernel or processor has none; then nothing changed.</returns>
    public static unsafe bool Apply()
    {
        if (!OperatingSystem.IsLinux() || SystemCalls.Of(RuntimeInformation.ProcessArchitecture) is not { } calls)
        {
            return false;
        }

        var program = FilterProgram.Write(calls, Environment.ProcessId);
        fixed (FilterInstruction* start = program)
        {
            var description = new FilterDescription((ushort)program.Length, (nint)start);
            return Control(NoNewPrivileges, 1, 0, 0, 0) == 0
                && Call(calls.Seccomp, SetFilter, EveryThread, (nint)(&description)) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nint value, nint third, nint fourth, nint fifth);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, nint first, nint second, nint third);

    // struct sock_fprog: the pointer stands at its own size.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct FilterDescription(ushort length, nint program)
    {
        private readonly nint _length = length;
        private readonly nint _program = program;
    }
}
