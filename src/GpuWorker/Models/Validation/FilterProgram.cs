using System.Runtime.InteropServices;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>One instruction of the kernel's classic packet filter (struct sock_filter).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

/// <summary>Writes the filter of <see cref="SystemCallFilter"/>: a system call's data go in, what becomes of it comes out.</summary>
internal static class FilterProgram
{
    /// <summary>The call is made.</summary>
    public const uint Allow = 0x7FFF0000;

    /// <summary>The call fails with "not permitted" (EPERM).</summary>
    public const uint Refuse = 0x00050001;

    /// <summary>The call fails with "no such call" (ENOSYS): who makes it knows an older one.</summary>
    public const uint Missing = 0x00050026;

    /// <summary>The process ends.</summary>
    public const uint Kill = 0x80000000;

    // Offsets into struct seccomp_data.
    private const uint Number = 0;
    private const uint Processor = 4;
    private const uint FirstArgument = 16;

    private const uint NewThread = 0x00010000;

    // Calls of the 32-bit kind on a 64-bit processor have this bit.
    private const uint OtherKind = 0x40000000;

    private const ushort Load = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort JumpIfSet = 0x45;
    private const ushort Return = 0x06;

    /// <summary>The instructions for a process of this number.</summary>
    public static FilterInstruction[] Write(SystemCalls calls, int process)
    {
        List<FilterInstruction> program =
        [
            new(Load, 0, 0, Processor),
            new(JumpIfEqual, 1, 0, calls.Architecture),
            new(Return, 0, 0, Kill),
            new(Load, 0, 0, Number),
            new(JumpIfAtLeast, 0, 1, OtherKind),
            new(Return, 0, 0, Refuse),
            .. Answer(calls.Clone3, Missing),
            .. calls.Refused.SelectMany(call => Answer(call, Refuse)),

            // A new thread is none of a new process.
            new(JumpIfEqual, 0, 4, calls.NewTask),
            new(Load, 0, 0, FirstArgument),
            new(JumpIfSet, 1, 0, NewThread),
            new(Return, 0, 0, Refuse),
            new(Return, 0, 0, Allow),

            // A signal to itself is how a process aborts.
            new(JumpIfEqual, 0, 3, calls.ThreadSignal),
            new(Load, 0, 0, FirstArgument),
            new(JumpIfEqual, 1, 0, (uint)process),
            new(Return, 0, 0, Refuse),
            new(Return, 0, 0, Allow),
        ];
        return [.. program];
    }

    private static FilterInstruction[] Answer(uint call, uint answer) =>
        [new(JumpIfEqual, 0, 1, call), new(Return, 0, 0, answer)];
}
