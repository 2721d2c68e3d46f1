using FsCheck.Xunit;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

public sealed class SourceSecretTests
{
    [Theory]
    [InlineData("token=abc", true)]
    [InlineData("channel=1&usr=admin&pwd=x", true)]
    [InlineData("channel=1;access_Token=x", true)]
    [InlineData("a%75th=x", true)]
    [InlineData("loginuse=a", true)]
    [InlineData("key", true)]
    [InlineData("channel=1&subtype=0", false)]
    [InlineData("monitor=3&scale=50&keyframe=1", false)]
    [InlineData("", false)]
    public void Query_that_lets_one_in_is_known_by_its_names(string query, bool secret) => Assert.Equal(secret, SourceSecret.IsIn(query));

    [Theory]
    [InlineData("http://gate:p%40ss@camera/live?token=a%2Fb&x=1", "http://camera/live", "gate:p@ss\n?token=a%2Fb&x=1")]
    [InlineData("http://camera/live?pwd=a", "http://camera/live", "\n?pwd=a")]
    [InlineData("http://gate@camera/live?x=1", "http://camera/live?x=1", "gate")]
    [InlineData("http://camera/live?x=1", "http://camera/live?x=1", null)]
    public void Address_is_taken_apart_and_put_together_again(string address, string bare, string? text)
    {
        var url = SourceUrlPolicy.Parse(address, SourceUrlPolicy.DefaultProtocols);

        Assert.Equal((bare, text), (url.Address, url.Secret.ToText()));
        Assert.Equal(address, SourceSecret.Parse(text).Open(url.Address));
    }

    [Theory]
    [InlineData("rtsp://gate%0A%3Ftoken=x:secret@camera/live")]
    [InlineData("http://gate:sec%0Dret@camera/live?token=x")]
    [InlineData("http://gate:sec%00ret@camera/live")]
    public void User_with_a_line_break_is_refused_without_being_told(string address)
    {
        var refusal = SourceUrlPolicy.Parse(address, SourceUrlPolicy.DefaultProtocols).Refusal;

        Assert.Contains("control character", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("sec", refusal, StringComparison.Ordinal);
    }

    [Property]
    public void Stored_text_is_read_as_it_was_written(string? user, string? query)
    {
        // Line breaks are refused at the edge, and nothing is stored as nothing.
        var secret = new SourceSecret(Line(user), Line(query));

        Assert.Equal(secret, SourceSecret.Parse(secret.ToText()));
    }

    [Fact]
    public void Nothing_of_it_is_printed()
    {
        var printed = new SourceSecret("gate:planted", "token=planted").ToString();

        Assert.DoesNotContain("planted", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("gate", printed, StringComparison.Ordinal);
    }

    private static string? Line(string? text) => text?.Replace("\n", "", StringComparison.Ordinal) is { Length: > 0 } line ? line : null;
}
