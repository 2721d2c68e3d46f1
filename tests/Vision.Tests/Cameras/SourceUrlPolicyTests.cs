using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

public sealed class SourceUrlPolicyTests
{
    [Theory]
    [InlineData("/data/clips/a.mp4", "/data/clips/a.mp4")]
    [InlineData("  /data/it's a%20clip: one.mp4 ", "/data/it's a%20clip: one.mp4")]
    [InlineData("file:///data/a%20b.mp4", "/data/a b.mp4")]
    [InlineData("file:/data/a%20b.mp4", "/data/a%20b.mp4")]
    public void Paths_are_taken(string address, string path)
    {
        var url = Parse(address);

        Assert.Equal((null, SourceKind.Path, path), (url.Refusal, url.Kind, url.Address));
    }

    [Theory]
    [InlineData("http://camera/live", SourceKind.Http, "http://camera/live", null)]
    [InlineData("HTTPS://camera:8443/live?x=1#y", SourceKind.Http, "HTTPS://camera:8443/live?x=1#y", null)]
    [InlineData("rtsp://gate:p%40ss%3Aw@10.0.0.7:554/ch/1", SourceKind.Rtsp, "rtsp://10.0.0.7:554/ch/1", "gate:p@ss:w")]
    [InlineData("rtsps://gate:p@ss@camera/1", SourceKind.Rtsp, "rtsps://camera/1", "gate:p@ss")]
    [InlineData("http://gate@camera/@home", SourceKind.Http, "http://camera/@home", "gate")]
    [InlineData("rtmp://camera/app/key", SourceKind.Network, "rtmp://camera/app/key", null)]
    [InlineData("udp://0.0.0.0:5000", SourceKind.Network, "udp://0.0.0.0:5000", null)]
    public void Urls_are_taken_and_their_credentials_split_off(string address, SourceKind kind, string bare, string? credentials)
    {
        var url = Parse(address);

        Assert.Equal((null, kind, bare, credentials), (url.Refusal, url.Kind, url.Address, url.Secret.User));
    }

    [Theory]
    [InlineData("concat:/a|/b")]
    [InlineData("data:text/plain;base64,AAAA")]
    [InlineData("subfile,,start,0,end,9,,:/etc/passwd")]
    [InlineData("pipe:0")]
    [InlineData("gopher://host/x")]
    [InlineData("crypto+http://host/x")]
    [InlineData("async:http://host/x")]
    [InlineData("tee:/a")]
    [InlineData("unix:/run/x")]
    public void Protocols_that_lead_elsewhere_are_refused(string address) =>
        Assert.Contains("is not allowed: use one of file, http", Parse(address).Refusal, StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("clips/a.mp4")]
    [InlineData("../a.mp4")]
    [InlineData("/data/a\n.mp4")]
    [InlineData("http://camera/a b")]
    [InlineData("http:camera")]
    [InlineData("http:///live")]
    [InlineData("http://gate:secret/word@camera/live")]
    [InlineData("rtsp://gate:secret@/live")]
    public void What_is_no_address_is_refused_without_repeating_it(string? address)
    {
        var url = Parse(address);

        Assert.NotNull(url.Refusal);
        Assert.DoesNotContain("secret", url.Refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("camera", url.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_configured_protocols_are_allowed()
    {
        Assert.NotNull(SourceUrlPolicy.Parse("http://camera/live", ["rtsp"]).Refusal);
        Assert.NotNull(SourceUrlPolicy.Parse("/data/a.mp4", ["rtsp"]).Refusal);
        Assert.Null(SourceUrlPolicy.Parse("rtsp://camera/live", ["rtsp"]).Refusal);
        Assert.NotNull(SourceUrlPolicy.Parse(new string('/', SourceUrlPolicy.MaximumLength + 1), ["file"]).Refusal);
    }

    [Theory]
    [InlineData("http://gate:secret@camera/live?token=secret", "http://camera/live?…")]
    [InlineData("/data/what?.mp4", "/data/what?.mp4")]
    public void Shown_addresses_have_no_secret(string address, string shown)
    {
        Assert.Equal(shown, SourceUrlPolicy.Redact(address));
        Assert.DoesNotContain("secret", Parse(address).ToString(), StringComparison.Ordinal);
    }

    private static SourceUrl Parse(string? address) => SourceUrlPolicy.Parse(address, SourceUrlPolicy.DefaultProtocols);
}
