using System.Net;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Grains.Tests.Deployments.Destinations;

public sealed class DestinationPolicyTests
{
    private const string Secret = "0123456789abcdef";
    private static readonly DestinationRules Rules = new([IPNetwork.Parse("10.20.0.0/16")], HasFileRoot: true);

    [Fact]
    public void Webhook_is_taken_with_all_that_it_says()
    {
        var camera = Guid.NewGuid();
        var webhook = Assert.IsType<WebhookDestination>(Assert.Single(Take($$"""
            [{"kind":"webhook","name":"control-room","url":"https://hooks.example.org/in?site=1","secret":"{{Secret}}","classes":["person"],
              "min_confidence":0.6,"cameras":["{{camera}}"],"batch_size":20,"max_delay_seconds":5}]
            """)));

        Assert.Equal(("control-room", "https://hooks.example.org/in?site=1", Secret), (webhook.Name, webhook.Url, webhook.Secret));
        Assert.Equal((0.6, 20, 5), (webhook.MinConfidence, webhook.BatchSize, webhook.MaxDelaySeconds));
        Assert.Equal((["person"], [camera]), (webhook.Classes!, webhook.Cameras!), new ArrayPairs());
    }

    [Fact]
    public void Broker_and_file_are_taken_with_their_defaults()
    {
        var taken = Take("""
            [{"kind":"mqtt","name":"broker","broker_url":"mqtts://10.20.1.2:8883","topic":"fleet/{site_id}/{camera_id}"},
             {"kind":"file","name":"disk","directory":"site-north/helmets"}]
            """);

        var mqtt = Assert.IsType<MqttDestination>(taken[0]);
        Assert.Equal((1, false, null, 100, 1), (mqtt.Qos, mqtt.Retain, mqtt.Password, mqtt.BatchSize, mqtt.MaxDelaySeconds));
        var file = Assert.IsType<FileDestination>(taken[1]);
        Assert.Equal((64L << 20, 1L << 30), (file.RollBytes, file.MaxBytes));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    public void Nothing_is_no_destination(string json) => Assert.Empty(Take(json));

    [Theory]
    [InlineData("{}", "output_destinations")]
    [InlineData("[1]", "output_destinations[0]")]
    [InlineData("""[{"name":"a"}]""", "output_destinations[0].kind")]
    [InlineData("""[{"kind":"pigeon","name":"a"}]""", "output_destinations[0].kind")]
    [InlineData("""[{"kind":"file","directory":"a"}]""", "output_destinations[0].name")]
    [InlineData("""[{"kind":"file","name":"A","directory":"a"}]""", "output_destinations[0].name")]
    [InlineData("""[{"kind":"file","name":"-a","directory":"a"}]""", "output_destinations[0].name")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a"},{"kind":"file","name":"a","directory":"b"}]""", "output_destinations[1].name")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","colour":1}]""", "output_destinations[0].colour")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","url":"http://a"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"file","name":"a"}]""", "output_destinations[0].directory")]
    [InlineData("""[{"kind":"file","name":"a","directory":"/etc"}]""", "output_destinations[0].directory")]
    [InlineData("""[{"kind":"file","name":"a","directory":"../b"}]""", "output_destinations[0].directory")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","roll_bytes":4096,"max_bytes":5000}]""", "output_destinations[0].max_bytes")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","min_confidence":1.1}]""", "output_destinations[0].min_confidence")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","classes":[]}]""", "output_destinations[0].classes")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","classes":"person"}]""", "output_destinations[0].classes")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","cameras":["north"]}]""", "output_destinations[0].cameras")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","batch_size":0}]""", "output_destinations[0].batch_size")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","batch_size":1.5}]""", "output_destinations[0].batch_size")]
    [InlineData("""[{"kind":"file","name":"a","directory":"a","max_delay_seconds":3601}]""", "output_destinations[0].max_delay_seconds")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"https://a.example"}]""", "output_destinations[0].secret")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"https://a.example","secret":"short"}]""", "output_destinations[0].secret")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"ftp://a.example"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"//a.example"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"https://me:x@a.example"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"http://127.0.0.1/x"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"http://169.254.169.254/latest"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"http://[::1]/x"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"http://0x7f000001/x"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"http://192.168.1.1/x"}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"mqtt","name":"a","broker_url":"http://a.example","topic":"t"}]""", "output_destinations[0].broker_url")]
    [InlineData("""[{"kind":"mqtt","name":"a","broker_url":"mqtt://a.example/path","topic":"t"}]""", "output_destinations[0].broker_url")]
    [InlineData("""[{"kind":"mqtt","name":"a","broker_url":"mqtt://a.example","topic":"t/#"}]""", "output_destinations[0].topic")]
    [InlineData("""[{"kind":"mqtt","name":"a","broker_url":"mqtt://a.example","topic":"t/{camera}"}]""", "output_destinations[0].topic")]
    [InlineData("""[{"kind":"mqtt","name":"a","broker_url":"mqtt://a.example","topic":"t","qos":2}]""", "output_destinations[0].qos")]
    [InlineData("""[{"kind":"mqtt","name":"a","broker_url":"mqtt://a.example","topic":"t","retain":"yes"}]""", "output_destinations[0].retain")]
    [InlineData("""[{"kind":"mqtt","name":"a","broker_url":"mqtt://a.example","topic":"t","password":"x"}]""", "output_destinations[0].user")]
    public void What_cannot_be_taken_is_refused_by_its_path(string json, string field)
    {
        var refused = Assert.Throws<FleetRefusedException>(() => Take(json));

        Assert.Equal((RefusalKind.Invalid, field), (refused.Kind, refused.Field));
        Assert.Contains(field, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seventeen_destinations_are_too_many()
    {
        var json = $"[{string.Join(',', Enumerable.Range(0, 17).Select(i => $$"""{"kind":"file","name":"f{{i}}","directory":"a"}"""))}]";

        Assert.Equal("output_destinations", Assert.Throws<FleetRefusedException>(() => Take(json)).Field);
    }

    [Fact]
    public void File_is_refused_where_the_owner_gives_no_folder()
    {
        var refused = Assert.Throws<FleetRefusedException>(() => DestinationPolicy.Take(
            new("""[{"kind":"file","name":"a","directory":"a"}]"""), [], Rules with { HasFileRoot = false }));

        Assert.Equal("output_destinations[0].kind", refused.Field);
    }

    [Theory]
    [InlineData("", "first-secret-of-it", null)]
    [InlineData(""","secret_set":true,"previous_secret_set":true""", "first-secret-of-it", null)]
    [InlineData(""","secret":"second-secret-of-it" """, "second-secret-of-it", "first-secret-of-it")]
    [InlineData(""","secret":"first-secret-of-it" """, "first-secret-of-it", null)]
    [InlineData(""","secret":"second-secret-of-it","previous_secret":null""", "second-secret-of-it", null)]
    [InlineData(""","secret":"second-secret-of-it","previous_secret":"third-secret-of-it" """, "second-secret-of-it", "third-secret-of-it")]
    public void Secret_that_is_left_out_stays_and_one_that_changes_stays_valid_beside_the_new(string members, string secret, string? previous)
    {
        WebhookDestination before = new() { Name = "a", Url = "https://a.example/old", Secret = "first-secret-of-it" };

        var after = Assert.IsType<WebhookDestination>(Take($$"""[{"kind":"webhook","name":"a","url":"https://a.example/new"{{members}}}]""", before)[0]);

        Assert.Equal((secret, previous), (after.Secret, after.PreviousSecret));
    }

    [Fact]
    public void Kept_secret_goes_to_no_other_host()
    {
        WebhookDestination webhook = new() { Name = "a", Url = "https://a.example", Secret = Secret };
        MqttDestination broker = new() { Name = "b", BrokerUrl = "mqtt://a.example", Topic = "t", User = "u", Password = "p" };

        var one = Assert.Throws<FleetRefusedException>(() => Take("""[{"kind":"webhook","name":"a","url":"https://b.example"}]""", webhook));
        var other = Assert.Throws<FleetRefusedException>(
            () => Take("""[{"kind":"mqtt","name":"b","broker_url":"mqtt://b.example","topic":"t","user":"u"}]""", broker));

        Assert.Equal(("output_destinations[0].secret", "output_destinations[0].password"), (one.Field, other.Field));
        Assert.Equal("p", Assert.IsType<MqttDestination>(
            Take("""[{"kind":"mqtt","name":"b","broker_url":"mqtt://a.example","topic":"u","user":"u"}]""", broker)[0]).Password);
    }

    [Fact]
    public void Answer_says_of_secrets_only_whether_they_are_set_and_may_be_sent_back()
    {
        var stored = DestinationJson.Write(
        [
            new WebhookDestination { Name = "a", Url = "https://a.example", Secret = Secret },
            new MqttDestination { Name = "b", BrokerUrl = "mqtt://a.example", Topic = "t", User = "u", Password = "opensesame" },
        ]);

        var shown = DestinationJson.Shown(stored)!.Value.Value;

        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("opensesame", shown, StringComparison.Ordinal);
        Assert.Contains("\"secret_set\":true", shown, StringComparison.Ordinal);
        Assert.Contains("\"previous_secret_set\":false", shown, StringComparison.Ordinal);
        Assert.Contains("\"password_set\":true", shown, StringComparison.Ordinal);
        Assert.Equal(DestinationJson.Read(stored), Take(shown, [.. DestinationJson.Read(stored)]));
    }

    [Theory]
    [InlineData("""{"url":"http://planted"}""")]
    [InlineData("""["http://planted"]""")]
    [InlineData("""[{"kind":"pigeon","url":"http://planted"}]""")]
    public void What_was_stored_before_it_was_checked_sends_nothing_and_is_not_shown(string json)
    {
        Assert.Empty(DestinationJson.Read(new(json)));
        Assert.Null(DestinationJson.Shown(new(json)));
        Assert.Equal(json, DestinationJson.WithSecrets(new(json), _ => null)!.Value.Value);
    }

    private static IReadOnlyList<OutputDestination> Take(string json, params OutputDestination[] stored) =>
        DestinationPolicy.Take(new(json), stored, Rules);

    private sealed class ArrayPairs : IEqualityComparer<(string[] Texts, Guid[] Ids)>
    {
        public bool Equals((string[] Texts, Guid[] Ids) x, (string[] Texts, Guid[] Ids) y) => x.Texts.SequenceEqual(y.Texts) && x.Ids.SequenceEqual(y.Ids);

        public int GetHashCode((string[] Texts, Guid[] Ids) obj) => obj.Texts.Length;
    }
}
