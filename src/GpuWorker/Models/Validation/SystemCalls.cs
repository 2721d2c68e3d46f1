using System.Runtime.InteropServices;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>Numbers of system calls on one kind of processor (the kernel's unistd.h and audit.h).</summary>
internal sealed record SystemCalls
{
    /// <summary>Linux' name of the processor in filters: AUDIT_ARCH.</summary>
    public required uint Architecture { get; init; }

    public required int Seccomp { get; init; }

    public required uint NewTask { get; init; }

    public required uint Clone3 { get; init; }

    /// <summary>A signal to one thread: abort() sends it to its own.</summary>
    public required uint ThreadSignal { get; init; }

    /// <summary>
    /// Network (socket, connect, bind, listen), other programs (execve, execveat, fork, vfork), other processes (kill, tkill,
    /// ptrace, process_vm_readv, process_vm_writev, pidfd_open, pidfd_send_signal), the machine (mount, unshare, setns, bpf,
    /// perf_event_open, add_key, request_key, keyctl, userfaultfd, io_uring_setup).
    /// </summary>
    public required uint[] Refused { get; init; }

    /// <summary>Those of a processor, or null where they are not known here.</summary>
    public static SystemCalls? Of(Architecture processor) => processor switch
    {
        System.Runtime.InteropServices.Architecture.X64 => new()
        {
            Architecture = 0xC000003E,
            Seccomp = 317,
            NewTask = 56,
            Clone3 = 435,
            ThreadSignal = 234,
            Refused = [41, 42, 49, 50, 59, 322, 57, 58, 62, 200, 101, 310, 311, 434, 424, 165, 272, 308, 321, 298, 248, 249, 250, 323, 425],
        },
        System.Runtime.InteropServices.Architecture.Arm64 => new()
        {
            Architecture = 0xC00000B7,
            Seccomp = 277,
            NewTask = 220,
            Clone3 = 435,
            ThreadSignal = 131,
            Refused = [198, 203, 200, 201, 221, 281, 129, 130, 117, 270, 271, 434, 424, 40, 97, 268, 280, 241, 217, 218, 219, 282, 425],
        },
        _ => null,
    };
}
