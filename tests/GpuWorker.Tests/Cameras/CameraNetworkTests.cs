using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class CameraNetworkTests
{
    // Everything that must be escaped in a URL, in a script of ffmpeg, or in both.
    private const string Credentials = "gate'keeper:p@ss w%rd/ü#?";

    private static readonly string[] Secrets = ["gate'keeper", "gate%27keeper", "p@ss", "p%40ss", "w%rd", "w%25rd"];

    [Fact]
    public async Task Mjpeg_camera_is_read()
    {
        await using var server = new MjpegServer();
        await using var bench = new StreamBench();
        var plan = CameraStreamTests.Live(server.Url);

        var stream = bench.Start(plan);
        await Eventually.TrueAsync(() => stream.GetStatus().FramesInferred > 10, stream.GetStatus);

        Assert.Equal((StreamState.Running, null), (stream.GetStatus().State, stream.GetStatus().Problem));
        Assert.All(bench.Models.Frames, frame => Assert.InRange(frame.MeanLuma, 120, 132));
    }

    [Fact]
    public async Task Credentials_open_the_camera_and_stand_in_no_argument()
    {
        await using var server = new MjpegServer { Credentials = Credentials };
        await using var bench = new StreamBench();
        var plan = WithCredentials(server.Url);

        var stream = bench.Start(plan);
        await Eventually.TrueAsync(() => stream.GetStatus().FramesInferred > 3, stream.GetStatus);

        var arguments = await File.ReadAllTextAsync($"/proc/{Assert.Single(bench.Children.Running)}/cmdline");
        Assert.Contains("ffmpeg", arguments, StringComparison.Ordinal);
        AssertNoSecret(arguments);
        AssertNoSecret($"{plan.Camera} {plan} {string.Join('\n', bench.Log.Written)}");
    }

    [Fact]
    public async Task Refused_credentials_are_a_problem_that_does_not_show_them()
    {
        await using var server = new MjpegServer { Credentials = "somebody:else" };
        await using var bench = new StreamBench();

        var stream = bench.Start(WithCredentials(server.Url));
        await Eventually.TrueAsync(() => stream.GetStatus().ReconnectsLastHour > 1, stream.GetStatus);

        var problem = stream.GetStatus().Problem;
        Assert.Contains("401", problem, StringComparison.Ordinal);
        AssertNoSecret($"{problem} {string.Join('\n', bench.Log.Written)}");
    }

    [Fact]
    public async Task Camera_that_goes_silent_is_cut_and_connected_again()
    {
        await using var server = new MjpegServer { Pictures = 10, GoesSilent = true };
        await using var bench = new StreamBench();

        var stream = bench.Start(CameraStreamTests.Live(server.Url));
        await Eventually.TrueAsync(() => stream.GetStatus().State == StreamState.Reconnecting, stream.GetStatus);
        Assert.Contains("No frame came for 1 seconds", stream.GetStatus().Problem, StringComparison.Ordinal);
        server.Pictures = int.MaxValue;
        await Eventually.TrueAsync(() => stream.GetStatus().FramesInferred > 15, stream.GetStatus);

        Assert.Equal((StreamState.Running, null), (stream.GetStatus().State, stream.GetStatus().Problem));
        Assert.InRange(stream.GetStatus().ReconnectsLastHour, 1, 3);
    }

    [Fact]
    public async Task Camera_that_hangs_up_is_connected_again()
    {
        await using var server = new MjpegServer { Pictures = 30 };
        await using var bench = new StreamBench();

        var stream = bench.Start(CameraStreamTests.Live(server.Url));
        await Eventually.TrueAsync(() => server.Connections >= 6, stream.GetStatus);

        Assert.NotEqual(StreamState.Ended, stream.GetStatus().State);
        Assert.True(stream.GetStatus().ReconnectsLastHour >= 1);
    }

    [Fact]
    public async Task Camera_that_is_not_there_is_tried_again_and_says_why()
    {
        await using var bench = new StreamBench();
        string url;
        await using (var gone = new MjpegServer())
        {
            url = gone.Url;
        }

        var stream = bench.Start(CameraStreamTests.Live(url));
        await Eventually.TrueAsync(() => stream.GetStatus().ReconnectsLastHour > 2, stream.GetStatus);

        Assert.Contains("refused", stream.GetStatus().Problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Rtsp_camera_with_credentials_is_read()
    {
        await using var server = new RtspServer { Credentials = "gate:p@ss:word" };
        await using var bench = new StreamBench();
        var plan = StreamBench.Plan(server.Url, camera => camera with { Pace = CameraPace.Live, SourceCredentials = "gate:p@ss:word" });

        var stream = bench.Start(plan);
        await Eventually.TrueAsync(() => stream.GetStatus().FramesInferred > 10, stream.GetStatus);

        Assert.Equal(StreamState.Running, stream.GetStatus().State);
        var arguments = await File.ReadAllTextAsync($"/proc/{Assert.Single(bench.Children.Running)}/cmdline");
        Assert.DoesNotContain("p%40ss", arguments, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gopher://127.0.0.1/x")]
    [InlineData("concat:/etc/passwd|/etc/group")]
    [InlineData("data:text/plain,x")]
    [InlineData("subfile,,start,0,end,9,,:/etc/passwd")]
    public async Task Forbidden_protocol_starts_no_process(string source)
    {
        await using var bench = new StreamBench();

        var stream = bench.Start(StreamBench.Plan(source));
        await Eventually.TrueAsync(() => stream.GetStatus().Problem is not null, stream.GetStatus);

        Assert.Contains("not allowed", stream.GetStatus().Problem, StringComparison.Ordinal);
        Assert.Empty(bench.Children.Started);
    }

    [Fact]
    public async Task File_cannot_lead_ffmpeg_out_to_the_network()
    {
        await using var server = new MjpegServer();
        await using var bench = new StreamBench();
        var script = Path.Combine(Clips.NewFolder(), "innocent.mp4");
        await File.WriteAllTextAsync(script, $"ffconcat version 1.0\nfile '{server.Url}'\n");

        var stream = bench.Start(StreamBench.Plan(script));
        await Eventually.TrueAsync(() => stream.GetStatus().ReconnectsLastHour > 0, stream.GetStatus);

        Assert.Equal(0, server.Connections);
        Assert.Equal(0, stream.GetStatus().FramesDecoded);
    }

    private static CameraPlan WithCredentials(string url) => StreamBench.Plan(
        url, camera => camera with { Pace = CameraPace.Live, SourceCredentials = Credentials });

    private static void AssertNoSecret(string text) =>
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
}
