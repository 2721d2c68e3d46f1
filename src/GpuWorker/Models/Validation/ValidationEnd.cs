using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>Says in a sentence for the model's owner how an inspecting process ended that gave no answer.</summary>
internal static class ValidationEnd
{
    // Exit codes of processes that a signal ended: 128 and its number, signal(7).
    private const int Aborted = 134;
    private const int BusError = 135;
    private const int Killed = 137;
    private const int Segment = 139;
    private const int ProcessorTime = 152;
    private const int ForbiddenCall = 159;

    private const int LongestMessage = 2000;

    private static readonly string[] MemoryWords =
        ["OutOfMemory", "Out of memory", "bad_alloc", "bad allocation", "Failed to allocate memory", "GC heap"];

    /// <summary>Whether words tell of a lack of memory.</summary>
    public static bool IsLackOfMemory(string words) => MemoryWords.Any(word => words.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>It took too long.</summary>
    public static ModelFault TooLong(ValidationWords words, ModelValidationOptions options) => Fault(
        $"Inspecting the model took longer than {options.ValidationTimeout.TotalSeconds:0} s and was ended while {words.Step}: "
        + $"use a smaller model, or raise {ModelValidationOptions.Section}:{nameof(options.ValidationTimeout)}.");

    /// <summary>It ended without an answer that can be read.</summary>
    public static ModelFault Explain(int exitCode, ValidationWords words, ModelValidationOptions options) => exitCode switch
    {
        _ when exitCode != 0 && IsLackOfMemory(words.Last) => Fault(
            $"The model needs more than the {options.ValidationMemoryBytes >> 20} MiB that an inspection may take (while {words.Step}): "
            + $"use a smaller model, or raise {ModelValidationOptions.Section}:{nameof(options.ValidationMemoryBytes)}."),
        Aborted or BusError or Segment => Fault(
            $"The model makes ONNX Runtime crash ({Name(exitCode)} while {words.Step}): it cannot be run safely; export it anew."),
        ForbiddenCall => Fault($"The model tried what no model may (a forbidden system call while {words.Step}): do not use this file."),
        ProcessorTime => Fault($"Inspecting the model took too much processor time and was ended while {words.Step}: use a smaller model."),
        Killed => Fault(
            $"The inspection of the model was killed from outside while {words.Step}, most likely because the machine ran out of memory: "
            + "use a smaller model, or try again on a worker with more memory."),
        0 => Fault("The inspection of the model gave an answer that cannot be read: the file may be made to do harm; do not use it."),
        _ => Fault($"The inspection of the model failed while {words.Step} (exit code {exitCode}); the worker's log says more."),
    };

    /// <summary>A fault as the process tells it, no longer than somebody reads: the words may be the file's own.</summary>
    public static ModelFault Shorten(ModelFault fault) => fault.Message.Length <= LongestMessage
        ? fault
        : fault with { Message = fault.Message[..LongestMessage] + "…" };

    private static ModelFault Fault(string message) => new(ModelFaultException.FileField, message);

    private static string Name(int exitCode) => exitCode switch
    {
        Aborted => "an abort",
        BusError => "a bus error",
        _ => "a segmentation fault",
    };
}
