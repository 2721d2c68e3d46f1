using System.Net;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Cameras;

using Xunit.Abstractions;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Real ffmpeg against servers that try to send it where its site does not let it go.</summary>
public sealed class SourceGuardTests(ITestOutputHelper output)
{
    private const string Private = "private network";

    [Fact]
    public async Task Source_in_a_private_network_that_the_site_does_not_list_is_not_connected_to()
    {
        await using var server = new RedirectServer(_ => "");
        string[] sources =
        [
            $"http://127.0.0.1:{server.Port}/", $"rtsp://127.0.0.1:{server.Port}/", $"tcp://127.0.0.1:{server.Port}", $"http://localhost:{server.Port}/",
            $"http://2130706433:{server.Port}/", $"http://0x7f.1:{server.Port}/", $"http://0177.0.0.1:{server.Port}/", $"http://[::ffff:127.0.0.1]:{server.Port}/",
            $"http://camera.example:{server.Port}/", $"http://127.0.0.1.nip.example:{server.Port}/",
        ];
        foreach (var source in sources)
        {
            var problem = await ProblemAsync(source, []);
            Assert.True(problem.Contains(Private, StringComparison.Ordinal) || problem.Contains("no valid", StringComparison.Ordinal), $"{source}: {problem}");
        }

        Assert.Equal(0, server.Connections);
        output.WriteLine($"count: server-side request forgery by address and DNS-shaped name: {sources.Length} tried, {sources.Length} refused");
    }

    [Fact]
    public async Task Redirect_leads_nowhere_that_the_source_itself_may_not_be()
    {
        await using var secret = new RedirectServer(_ => RedirectServer.Http("200 OK", "Content-Type: video/mp4", "secret"));
        await using var server = new RedirectServer(_ => RedirectServer.Http("302 Found", $"Location: http://127.0.0.2:{secret.Port}/secret"));

        var problem = await ProblemAsync($"http://127.0.0.1:{server.Port}/", ["127.0.0.1/32"]);

        Assert.Contains("127.0.0.2", problem, StringComparison.Ordinal);
        Assert.True(server.Connections > 0);
        Assert.Equal(0, secret.Connections);
        output.WriteLine("count: server-side request forgery by redirect: 1 tried, 1 refused");
    }

    [Theory]
    [InlineData("http://127.0.0.2:{0}/secret.ts")]
    [InlineData("file:///etc/passwd")]
    [InlineData("concat:file:/etc/passwd|file:/etc/hosts")]
    [InlineData("tcp://127.0.0.2:{0}")]
    [InlineData("data:video/mp2t;base64,AAAA")]
    public async Task Playlist_leads_nowhere_that_the_source_itself_may_not_be(string segment)
    {
        await using var secret = new RedirectServer(_ => RedirectServer.Http("200 OK", "Content-Type: video/mp2t", "secret"));
        var playlist = $"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{string.Format(null, segment, secret.Port)}\n#EXT-X-ENDLIST\n";
        await using var server = new RedirectServer(_ => RedirectServer.Http("200 OK", "Content-Type: application/vnd.apple.mpegurl", playlist));

        Assert.NotEmpty(await ProblemAsync($"http://127.0.0.1:{server.Port}/live.m3u8", ["127.0.0.1/32"]));

        Assert.True(server.Connections > 0);
        Assert.Equal(0, secret.Connections);
        output.WriteLine("count: server-side request forgery by playlist: 1 tried, 1 refused");
    }

    [Fact]
    public async Task Rtsp_server_that_sends_the_reader_elsewhere_is_let_go_of()
    {
        await using var secret = new RedirectServer(_ => "");
        await using var server = new RedirectServer(request =>
            $"RTSP/1.0 302 Found\r\nCSeq: {request.Split("CSeq: ")[1].Split('\r')[0]}\r\nLocation: rtsp://127.0.0.1:{secret.Port}/secret\r\n\r\n");

        var problem = await ProblemAsync($"rtsp://127.0.0.1:{server.Port}/", ["127.0.0.1/32"]);

        Assert.Contains("another address", problem, StringComparison.Ordinal);
        Assert.Equal(0, secret.Connections);
        output.WriteLine("count: server-side request forgery by RTSP redirect: 1 tried, 1 refused");
    }

    [Fact]
    public async Task Name_that_changes_its_mind_is_judged_by_the_address_that_is_connected_to()
    {
        await using var secret = new RedirectServer(_ => "");
        var asked = 0;

        // Good the first time it is asked, this machine from then on.
        var problem = await ProblemAsync(
            $"http://camera.example:{secret.Port}/",
            [],
            (_, _) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? IPAddress.Parse("8.8.8.8") : IPAddress.Loopback]));

        Assert.Contains(Private, problem, StringComparison.Ordinal);
        Assert.True(asked > 1);
        Assert.Equal(0, secret.Connections);
        output.WriteLine("count: server-side request forgery by DNS rebinding: 1 tried, 1 refused");
    }

    private static async Task<string> ProblemAsync(string source, string[] networks, HostResolver? resolve = null)
    {
        await using var bench = StreamBench.Open();
        var parts = bench.Parts with { Resolve = resolve ?? ((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])) };
        await using var stream = new CameraStream(StreamBench.Plan(source) with { AllowedNetworks = networks }, "silo", parts);
        await Eventually.TrueAsync(
            () => stream.GetStatus() is { State: StreamState.Reconnecting, Problem: not null }, () => stream.GetStatus());
        return stream.GetStatus().Problem!;
    }
}
