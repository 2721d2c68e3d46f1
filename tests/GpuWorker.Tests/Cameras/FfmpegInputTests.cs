using System.Text;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class FfmpegInputTests
{
    [Fact]
    public void Address_without_a_secret_is_an_argument_and_may_only_use_its_own_protocols()
    {
        var input = FfmpegInput.For(Stream("https://camera/live", SourceKind.Http), SourceUrlPolicy.DefaultProtocols);

        Assert.Equal(["-protocol_whitelist", "http,https,tcp,tls", "-i", "https://camera/live"], input.Arguments);
        Assert.Null(input.Script);
    }

    [Fact]
    public void Protocols_that_are_not_allowed_are_not_opened_on_the_way_either()
    {
        var input = FfmpegInput.For(Stream("rtsp://camera/live", SourceKind.Rtsp), ["rtsp", "tcp"]);

        Assert.Equal(["-protocol_whitelist", "rtsp,tcp", "-rtsp_transport", "tcp", "-i", "rtsp://camera/live"], input.Arguments);
    }

    [Theory]
    [InlineData("http://camera/live?x=secret", null, null)]
    [InlineData("http://camera/live", null, "token=secret")]
    [InlineData("http://camera/live", "gate:secret", null)]
    public void Secret_goes_through_standard_input(string url, string? user, string? query)
    {
        var input = FfmpegInput.For(Stream(url, SourceKind.Http) with { Secret = new(user, query) }, SourceUrlPolicy.DefaultProtocols);

        Assert.DoesNotContain(input.Arguments, argument => argument.Contains("secret", StringComparison.Ordinal));
        Assert.Contains("secret", input.Script, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", input.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Impossible to open 'http://gate:s%20ecret@camera/live'", "Impossible to open 'http://***:***@camera/live'")]
    [InlineData("http://other:word@camera/live failed", "http://camera/live failed")]
    [InlineData("http://camera/live?user=a&pass=b refused", "http://camera/live?… refused")]
    [InlineData("password s ecret refused", "password *** refused")]
    [InlineData("token h/idden or h%2Fidden refused", "token *** or *** refused")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void Scrubber_takes_credentials_out(string text, string shown)
    {
        var scrubbed = new SecretScrubber(new("gate:s ecret", "token=h%2Fidden")).Scrub(text);

        Assert.Equal(shown.Replace("***:***@", "", StringComparison.Ordinal), scrubbed);
    }

    [Fact]
    public void Log_keeps_the_last_error_and_the_count_of_frames()
    {
        var log = new FfmpegLog(new(new("gate:secret", null)));
        string[] lines =
        [
            "[h264 @ 0x1] [error] first", "[http @ 0x2] [error] secret was wrong", "[warning] later", "frame=  17", "frame=x",
        ];
        foreach (var line in lines)
        {
            log.Take(line);
        }

        Assert.Equal(("*** was wrong", 17L), (log.LastError, log.SourceFrames));
    }

    [Theory]
    [InlineData("\"avg_frame_rate\":\"113125/4711\"", "{\"duration\":\"37.7\"}", 640, 352, 24.01, 37.7)]
    [InlineData("\"avg_frame_rate\":\"0/0\",\"side_data_list\":[{\"rotation\":-90}]", "{}", 352, 640, 0, 0)]
    [InlineData("\"tags\":{\"rotate\":\"180\"}", "{}", 640, 352, 0, 0)]
    public void Probe_reads_size_rate_and_duration(
        string stream, string format, int width, int height, double fps, double seconds)
    {
        var json = $"{{\"streams\":[{{\"width\":640,\"height\":352,{stream}}}],\"format\":{format}}}";

        var described = MediaProbe.Parse(Encoding.UTF8.GetBytes(json))!;

        Assert.Equal((width, height), (described.Width, described.Height));
        Assert.Equal(fps, described.Fps, tolerance: 0.01);
        Assert.Equal(seconds, described.Duration?.TotalSeconds ?? 0, tolerance: 0.01);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"streams":[]}""")]
    [InlineData("""{"streams":[{"codec_name":"h264"}]}""")]
    public void Probe_knows_when_there_is_no_video(string json) => Assert.Null(MediaProbe.Parse(Encoding.UTF8.GetBytes(json)));

    private static MediaSegment Stream(string url, SourceKind kind) => new() { Kind = kind, Addresses = [url], Scheme = url.Split(':')[0] };
}
