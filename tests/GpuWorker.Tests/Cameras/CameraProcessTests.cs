using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Fleet;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Counts what the whole process has open, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(CameraProcessTests), DisableParallelization = true)]
[Collection(nameof(CameraProcessTests))]
public sealed class CameraProcessTests
{
    [Fact]
    public async Task Child_dies_when_its_launcher_does_without_anybody_killing_it()
    {
        var launcher = new ProcessLauncher(Confined(), register: null);
        Assert.True(Confined().ChildrenDieWithUs);
        var child = await launcher.StartAsync("sleep", ["600"], [], CancellationToken.None);
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
        using var launcher = new ProcessLauncher(Confined(), register: null);
        ChildProcess? child = null;
        var thread = new Thread(() => child = launcher.StartAsync("sleep", ["600"], [], CancellationToken.None).GetAwaiter().GetResult());
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
        using var launcher = new ProcessLauncher(Confined(), register: null);
        await using var child = await launcher.StartAsync("sleep", ["600"], [], CancellationToken.None);
        await RunsAsync(child);

        Assert.Contains("NoNewPrivs:\t1", await File.ReadAllTextAsync($"/proc/{child.Id}/status"), StringComparison.Ordinal);
        var environment = await File.ReadAllTextAsync($"/proc/{child.Id}/environ");
        Assert.Contains("PATH=", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", environment, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Child_writes_no_file_dumps_no_core_and_takes_no_more_memory_than_it_is_given()
    {
        using var launcher = new ProcessLauncher(Confined(), register: null);
        await using var child = await launcher.StartAsync("sleep", ["600"], [], CancellationToken.None);
        await RunsAsync(child);

        var limits = (await File.ReadAllLinesAsync($"/proc/{child.Id}/limits")).ToDictionary(line => line[..26].TrimEnd(), line => line[26..47].Trim());
        Assert.Equal(
            ("0", "0", "256", "1073741824"),
            (limits["Max core file size"], limits["Max file size"], limits["Max open files"], limits["Max data size"]));
    }

    [Fact]
    public async Task Child_of_root_is_somebody_without_its_rights()
    {
        var (id, status) = await StatusAsync([]);

        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal("65534 65534", id);
            Assert.Contains("CapEff:\t0000000000000000", status, StringComparison.Ordinal);
            Assert.Contains("no environment", status, StringComparison.Ordinal);
        }
        else
        {
            Assert.False(Confined().IsSomebodyElse);
        }
    }

    [Fact]
    public async Task File_that_not_everybody_may_read_is_read_by_a_right_to_read_alone()
    {
        var folder = Directory.CreateTempSubdirectory("private-").FullName;
        var file = Path.Combine(folder, "clip.mp4");
        await File.WriteAllTextAsync(file, "clip");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        using var launcher = new ProcessLauncher(Confined(), register: null);
        await using var child = await launcher.StartAsync("cat", [file], [file], CancellationToken.None);

        Assert.Equal("clip", await new StreamReader(child.Output).ReadToEndAsync());
        var (_, status) = await StatusAsync([file]);
        Assert.Contains(Environment.IsPrivilegedProcess ? "CapEff:\t0000000000000004" : "CapEff:", status, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void User_that_is_not_there_is_said_at_start()
    {
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Contains("Fleet:Cameras:User", Assert.Throws<InvalidOperationException>(() => new ChildConfinement(new() { User = "no-such-user", UserKey = "Fleet:Cameras:User" })).Message,
                StringComparison.Ordinal);
        }
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

    private static ChildConfinement Confined() => new(new() { User = "nobody", UserKey = "Fleet:Cameras:User", MemoryBytes = 1L << 30 });

    // Who a child is, and what it says of itself; whether it can look into this process.
    private static async Task<(string Id, string Status)> StatusAsync(string[] files)
    {
        using var launcher = new ProcessLauncher(Confined(), register: null);
        await using var child = await launcher.StartAsync(
            "sh",
            ["-c", $"echo $(id -u) $(id -g); cat /proc/self/status; cat /proc/{Environment.ProcessId}/environ >/dev/null 2>&1 || echo no environment"],
            files,
            CancellationToken.None);
        var text = await new StreamReader(child.Output).ReadToEndAsync();
        return (text.Split('\n')[0], text);
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
