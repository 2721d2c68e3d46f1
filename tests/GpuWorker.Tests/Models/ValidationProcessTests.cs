using System.Diagnostics;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.GpuWorker.Tests.Cameras;
using OrleansAiFleet.GpuWorker.Tests.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>Whatever the inspecting process does, the worker gets an answer in words and keeps nothing of it.</summary>
public sealed class ValidationProcessTests : IDisposable
{
    private readonly StreamBench.Lines _log = new();
    private readonly StreamBench.Register _children = new();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("echo 'step: running the model' >&2; kill -SEGV $$", "a segmentation fault while running the model")]
    [InlineData("kill -ABRT $$", "an abort while starting")]
    [InlineData("kill -KILL $$", "killed from outside")]
    [InlineData("kill -XCPU $$", "too much processor time")]
    [InlineData("kill -SYS $$", "a forbidden system call")]
    [InlineData("echo 'Out of memory.' >&2; exit 3", "needs more than the 4096 MiB")]
    [InlineData("exit 7", "exit code 7")]
    [InlineData("exit 0", "cannot be read")]
    [InlineData("echo '{\"Fault\":'", "cannot be read")]
    [InlineData("echo '{\"Classes\":null}'", "cannot be read")]
    [InlineData("echo '{\"Classes\":[null]}'", "cannot be read")]
    [InlineData("echo '{\"Evidence\":[null]}'", "cannot be read")]
    [InlineData("head -c 20000000 /dev/zero", "cannot be read")]
    [InlineData("cat >/dev/null; sleep 600", "took longer than 1 s")]
    [InlineData("sleep 600", "took longer than 1 s")]
    [InlineData("while :; do :; done", "took longer than 1 s")]
    [InlineData("while :; do echo noise >&2; done", "took longer than 1 s")]
    [InlineData("sleep 600 & sleep 601 & wait", "took longer than 1 s")]
    public async Task End_without_an_answer_is_a_fault_in_words(string script, string says)
    {
        using var process = Script(script);

        var inspection = await InspectAsync(process, new byte[300_000]);

        Assert.Equal("file", inspection.Fault!.Field);
        Assert.Contains(says, inspection.Fault.Message, StringComparison.Ordinal);
        Assert.Empty(_children.Running);
        Assert.All(_children.Started, id => Assert.False(IsThere(id), $"Process {id} is still there."));
        Assert.All(_log.Written, line => Assert.InRange(line.Length, 1, 12_000));
    }

    [Fact]
    public async Task Last_words_reach_the_log()
    {
        using var process = Script("echo last words >&2; exit 9");

        await InspectAsync(process, [1]);

        Assert.Contains("last words", Assert.Single(_log.Written, line => line.Contains("exit code 9", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_that_is_not_there_is_not_the_files_fault()
    {
        using var process = Running(new(), "/nowhere/worker");

        Assert.NotNull((await InspectAsync(process, [1])).Fault);
    }

    [Fact]
    public async Task Caller_that_gives_up_ends_the_process()
    {
        using var process = Script("sleep 600");
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InspectAsync(process, [1], caller.Token));

        Assert.Empty(_children.Running);
    }

    [Fact]
    public async Task Process_has_no_network_but_its_own_and_no_secrets()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__PlantedForInspection", "Password=planted");
        using var process = Script("cat /proc/net/dev >&2; env >&2; id -u >&2; ulimit -f >&2; exit 9");

        await InspectAsync(process, [1]);

        var words = Assert.Single(_log.Written, line => line.Contains("exit code 9", StringComparison.Ordinal));
        Assert.DoesNotContain("planted", words, StringComparison.OrdinalIgnoreCase);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.DoesNotContain("eth", words, StringComparison.Ordinal);
            Assert.Contains("65534", words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Model_that_never_ends_is_ended()
    {
        using var process = Bench.Validation(new ModelValidationOptions { ValidationTimeout = TimeSpan.FromSeconds(5) }, _children);
        var started = Stopwatch.GetTimestamp();

        var inspection = await InspectAsync(process, OddModels.Endless());

        Assert.Contains("took longer than 5 s and was ended while running the model", inspection.Fault!.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 5, 30);
        Assert.Empty(_children.Running);
    }

    [Fact]
    public async Task Model_that_takes_all_memory_is_told_how_much_it_may_take()
    {
        using var process = Bench.Validation(new ModelValidationOptions { ValidationMemoryBytes = 1L << 30 }, _children);

        var inspection = await InspectAsync(process, OddModels.Greedy());

        Assert.True(inspection.Fault!.Message.Contains("more than the 1024 MiB", StringComparison.Ordinal), inspection.Fault.Message);
        Assert.Empty(_children.Running);
    }

    [Fact]
    public async Task Process_has_its_system_calls_filtered_before_it_reads_anything()
    {
        using var process = Bench.Validation(register: _children);
        using var caller = new CancellationTokenSource();
        await using var nothing = new NeverStream();
        var inspecting = process.InspectAsync(Request(1), [], nothing, caller.Token);
        await nothing.Asked;
        await Eventually.TrueAsync(() => IsFiltered(_children.Running.Single()), () => _children.Started.Count);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inspecting);
        Assert.Empty(_children.Running);
    }

    [Fact]
    public async Task Damaged_models_in_a_row_leave_a_worker_that_answers()
    {
        using var process = Bench.Validation(register: _children);
        var sample = await File.ReadAllBytesAsync(Path.Combine(RealData.RepositoryRoot, "samples", "site-safety.onnx"));
        var random = new Random(1);
        for (var i = 0; i < 24; i++)
        {
            var inspection = await InspectAsync(process, Mutations.Damage(sample, random));
            Assert.True(inspection.Fault is { Message.Length: > 0 } || inspection.Classes.Length > 0);
        }

        Assert.Null((await InspectAsync(process, sample)).Fault);
        Assert.Empty(_children.Running);
    }

    // Every thread of it.
    private static bool IsFiltered(int process)
    {
        var threads = Directory.GetDirectories($"/proc/{process}/task").Select(thread => File.ReadAllText(Path.Combine(thread, "status")));
        return threads.All(status => status.Contains("Seccomp:\t2", StringComparison.Ordinal));
    }

    private static bool IsThere(int process) => Directory.Exists($"/proc/{process}");

    private ValidationProcess Script(string script) =>
        Running(new() { ValidationTimeout = TimeSpan.FromSeconds(1) }, "sh", "-c", script);

    private ValidationProcess Running(ModelValidationOptions options, params string[] command) =>
        new(Options.Create(options), new Logger<ValidationProcess>(_log), _children, command);

    [Fact]
    public async Task Odd_models_are_refused_by_the_process_in_the_same_words()
    {
        using var process = Bench.Validation(register: _children);
        foreach (var (name, (file, says)) in OddModels.All)
        {
            var fault = (await InspectAsync(process, file)).Fault;
            Assert.True(fault?.Message.Contains(says, StringComparison.Ordinal) == true, $"{name}: {fault?.Message}");
        }

        Assert.Empty(_children.Running);
    }

    private static ValidationRequest Request(long bytes) => new()
    {
        Configuration = new(),
        MaxBatchSize = 2,
        IntraOpThreads = 1,
        ModelBytes = bytes,
        Pictures = [],
    };

    private static Task<ModelInspection> InspectAsync(ValidationProcess process, byte[] model, CancellationToken cancellationToken = default) =>
        process.InspectAsync(Request(model.Length), [], new MemoryStream(model), cancellationToken);
}
