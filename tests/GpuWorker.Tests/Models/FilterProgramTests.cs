using System.Runtime.InteropServices;

using OrleansAiFleet.GpuWorker.Models.Validation;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

public sealed class FilterProgramTests
{
    private const int Self = 4711;

    private static readonly Architecture[] Processors = [Architecture.X64, Architecture.Arm64];

    [Theory]
    [InlineData(Architecture.X64, 41)] // socket
    [InlineData(Architecture.X64, 59)] // execve
    [InlineData(Architecture.X64, 57)] // fork
    [InlineData(Architecture.X64, 62)] // kill
    [InlineData(Architecture.X64, 101)] // ptrace
    [InlineData(Architecture.Arm64, 198)] // socket
    [InlineData(Architecture.Arm64, 221)] // execve
    [InlineData(Architecture.Arm64, 129)] // kill
    [InlineData(Architecture.X64, 0x40000001)] // a call of the 32-bit kind
    public void What_no_model_needs_is_refused(Architecture processor, uint call) =>
        Assert.Equal(FilterProgram.Refuse, Answer(processor, call));

    [Theory]
    [InlineData(Architecture.X64, 0)] // read
    [InlineData(Architecture.X64, 9)] // mmap
    [InlineData(Architecture.X64, 257)] // openat
    [InlineData(Architecture.X64, 202)] // futex
    [InlineData(Architecture.X64, 231)] // exit_group
    [InlineData(Architecture.Arm64, 63)] // read
    [InlineData(Architecture.Arm64, 222)] // mmap
    public void What_a_model_needs_is_left(Architecture processor, uint call) =>
        Assert.Equal(FilterProgram.Allow, Answer(processor, call));

    [Fact]
    public void Threads_are_made_and_processes_are_not()
    {
        foreach (var processor in Processors)
        {
            var calls = SystemCalls.Of(processor)!;
            Assert.Equal(FilterProgram.Allow, Answer(processor, calls.NewTask, 0x003D0F00));
            Assert.Equal(FilterProgram.Refuse, Answer(processor, calls.NewTask, 0x01200011));
            Assert.Equal(FilterProgram.Missing, Answer(processor, calls.Clone3));
        }
    }

    [Fact]
    public void Signal_goes_to_the_process_itself_alone()
    {
        foreach (var processor in Processors)
        {
            var calls = SystemCalls.Of(processor)!;
            Assert.Equal(FilterProgram.Allow, Answer(processor, calls.ThreadSignal, Self));
            Assert.Equal(FilterProgram.Refuse, Answer(processor, calls.ThreadSignal, Self + 1));
        }
    }

    [Fact]
    public void Call_of_another_processor_ends_the_process() =>
        Assert.Equal(FilterProgram.Kill, Run(FilterProgram.Write(SystemCalls.Of(Architecture.X64)!, Self), 0x40000003, 1, 0));

    private static uint Answer(Architecture processor, uint call, uint firstArgument = 0)
    {
        var calls = SystemCalls.Of(processor)!;
        return Run(FilterProgram.Write(calls, Self), calls.Architecture, call, firstArgument);
    }

    // The kernel's classic packet filter, as far as the program uses it.
    private static uint Run(FilterInstruction[] program, uint processor, uint call, uint firstArgument)
    {
        var value = 0u;
        for (var at = 0; at < program.Length; at++)
        {
            var one = program[at];
            switch (one.Code)
            {
                case 0x20:
                    value = one.Value switch { 0 => call, 4 => processor, 16 => firstArgument, _ => throw new InvalidOperationException() };
                    break;
                case 0x06:
                    return one.Value;
                case 0x15:
                    at += value == one.Value ? one.IfTrue : one.IfFalse;
                    break;
                case 0x35:
                    at += value >= one.Value ? one.IfTrue : one.IfFalse;
                    break;
                case 0x45:
                    at += (value & one.Value) != 0 ? one.IfTrue : one.IfFalse;
                    break;
                default:
                    throw new InvalidOperationException($"Instruction {one.Code}.");
            }
        }

        throw new InvalidOperationException("The program runs out of instructions.");
    }
}
