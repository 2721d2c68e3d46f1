using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Counts what the whole process has open, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(CameraProcessTests), DisableParallelization = true)]
[Collection(nameof(CameraProcessTests))]
public sealed class CameraProcessTests
{
    [Fact]
    public async Task Child_dies_when_its_launcher_does_without_anybody_killing_it()
    {
        var launcher = new ProcessLauncher(register: null);
        Assert.True(launcher.ChildrenDieWithUs);
        var child = await launcher.StartAsync("sleep", ["600"], CancellationToken.None);
        await RunsAsync(child);

        // The kernel's signal comes when the launcher's thread ends: here by disposal, else because the process was killed.
        launcher.Dispose();
        await child.WaitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);

        Assert.Equal(128 + 9, child.ExitCode);
        await child.DisposeAsync();
    }

    [Fact]
    public async Task Child_lives_on_after_the_thread_that_asked_for_it_ended()
    {
        using var launcher = new ProcessLauncher(register: null);
        ChildProcess? child = null;
        var thread = new Thread(() => child = launcher.StartAsync("sleep", ["600"], CancellationToken.None).GetAwaiter().GetResult());
        thread.Start();
        thread.Join();
        await using var living = child!;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => living.WaitAsync(new CancellationTokenSource(TimeSpan.FromMilliseconds(300)).Token));

        Assert.True(Directory.Exists($"/proc/{living.Id}"));
    }

    [Fact]
    public async Task Child_gains_no_rights_and_knows_nothing_that_stands_in_the_workers_environment()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__Planted", "Password=planted");
        using var launcher = new ProcessLauncher(register: null);
        await using var child = await launcher.StartAsync("sleep", ["600"], CancellationToken.None);
        await RunsAsync(child);

        Assert.Contains("NoNewPrivs:\t1", await File.ReadAllTextAsync($"/proc/{child.Id}/status"), StringComparison.Ordinal);
        var environment = await File.ReadAllTextAsync($"/proc/{child.Id}/environ");
        Assert.Contains("PATH=", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", environment, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Program_that_is_not_there_is_a_problem_of_the_camera()
    {
        await using var bench = new StreamBench();
        bench.Settings.FfmpegFolder = "/nowhere";

        var stream = bench.Start(StreamBench.Plan(Clips.Moving()));
        await Eventually.TrueAsync(() => stream.GetStatus().Problem is not null, stream.GetStatus);

        Assert.Equal(StreamState.Reconnecting, stream.GetStatus().State);
    }

    [Fact]
    public async Task Twenty_starts_and_stops_leave_no_process_no_pipe_and_no_buffer()
    {
        await using var bench = new StreamBench();
        var plan = CameraStreamTests.Live(Clips.Moving(seconds: 2, fps: 25), loop: true);
        await bench.Parts.Decoder.FindAsync();
        var pipes = OpenPipes();
        for (var i = 0; i < 20; i++)
        {
            var stream = bench.Start(plan with { Camera = plan.Camera with { Id = Guid.NewGuid() } });
            await Eventually.TrueAsync(() => stream.GetStatus().FramesDecoded > 0, stream.GetStatus);
            await stream.DisposeAsync();
        }

        Assert.Empty(bench.Children.Running);
        Assert.Equal(40, bench.Children.Started.Count);
        Assert.All(bench.Children.Started, id => Assert.False(IsOurs(id), $"Process {id} is still there."));
        Assert.Equal(0, bench.Pool.RentedBytes);
        await Eventually.TrueAsync(() => OpenPipes() <= pipes, () => $"{OpenPipes()} pipes, {pipes} before");
    }

    private static int OpenPipes() =>
        Directory.EnumerateFiles("/proc/self/fd")
            .Count(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name.StartsWith("pipe:", StringComparison.Ordinal) == true);

    // A number may have been given to another process meanwhile.
    private static bool IsOurs(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Contains("ff", StringComparison.Ordinal)
                && File.ReadAllText($"/proc/{id}/status").Contains($"PPid:\t{Environment.ProcessId}\n", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // What is started first asks the kernel for the signal, and then becomes the program.
    private static Task RunsAsync(ChildProcess child) => Eventually.TrueAsync(
        async () => (await File.ReadAllTextAsync($"/proc/{child.Id}/cmdline")).StartsWith("sleep", StringComparison.Ordinal), () => child.Id);
}
