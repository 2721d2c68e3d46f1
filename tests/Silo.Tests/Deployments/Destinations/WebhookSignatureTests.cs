using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

using OrleansAiFleet.Integrations.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

public sealed class WebhookSignatureTests
{
    // printf '1772625600.{"a":1}' | openssl dgst -sha256 -hmac 'whsec-0123456789abcdef'
    private const string First = "v1=711a9eda14fce27be29b4c375953cc3d5618ae0064c86f6253ff62e50410dbb8";
    private const string Second = "v1=ba4f5696595fa6924017f6fd39f40d80fddd546788c566ab1f873322c2eac361";

    [Fact]
    public void Signature_is_the_one_that_openssl_makes() =>
        Assert.Equal(First, WebhookSignature.Of(["whsec-0123456789abcdef"], 1772625600, """{"a":1}"""u8));

    [Fact]
    public void While_a_secret_is_changed_both_sign() => Assert.Equal(
        $"{Second},{First}", WebhookSignature.Of(["whsec-fedcba9876543210", "whsec-0123456789abcdef"], 1772625600, """{"a":1}"""u8));

    [Theory]
    [InlineData(200, SendOutcome.Delivered)]
    [InlineData(204, SendOutcome.Delivered)]
    [InlineData(301, SendOutcome.Refused)]
    [InlineData(307, SendOutcome.Refused)]
    [InlineData(400, SendOutcome.Refused)]
    [InlineData(404, SendOutcome.Refused)]
    [InlineData(408, SendOutcome.Unavailable)]
    [InlineData(410, SendOutcome.Refused)]
    [InlineData(425, SendOutcome.Unavailable)]
    [InlineData(429, SendOutcome.Unavailable)]
    [InlineData(500, SendOutcome.Unavailable)]
    [InlineData(503, SendOutcome.Unavailable)]
    public void Answer_says_whether_another_try_can_help(int status, SendOutcome outcome)
    {
        var result = WebhookAnswer.Judge(status, null, Deliveries.Noon);

        Assert.Equal(outcome, result.Outcome);
        Assert.Contains($"{status}", result.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Wait_that_the_receiver_asks_for_is_taken_over_as_seconds_or_as_a_moment()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), WebhookAnswer.Judge(429, new(TimeSpan.FromSeconds(7)), Deliveries.Noon).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(9), WebhookAnswer.Judge(503, new(Deliveries.Noon.AddSeconds(9)), Deliveries.Noon).RetryAfter);
        Assert.Null(WebhookAnswer.Judge(503, new RetryConditionHeaderValue(Deliveries.Noon.AddSeconds(-9)), Deliveries.Noon).RetryAfter);
    }

    [Fact]
    public void What_is_no_number_is_null_in_the_message()
    {
        var delivery = Deliveries.Of(Deliveries.Detection(Guid.NewGuid()) with { X = float.NaN });

        using var body = JsonDocument.Parse(DeliveryJson.Write(delivery));

        Assert.Equal(JsonValueKind.Null, body.RootElement.GetProperty("frames")[0].GetProperty("detections")[0].GetProperty("x").ValueKind);
    }

    [Fact]
    public void Message_has_the_documented_members_and_the_same_content_has_the_same_id()
    {
        var (camera, id) = (Guid.NewGuid(), Guid.NewGuid());
        var delivery = Deliveries.Of(Deliveries.Detection(camera, id: id));

        using var body = JsonDocument.Parse(DeliveryJson.Write(delivery));

        var root = body.RootElement;
        Assert.Equal(["delivery_id", "deployment_id", "destination", "test", "frames"], root.EnumerateObject().Select(member => member.Name));
        var frame = Assert.Single(root.GetProperty("frames").EnumerateArray());
        Assert.Equal(["frame_id", "site_id", "camera_id", "frame_time", "detections"], frame.EnumerateObject().Select(member => member.Name));
        Assert.Equal("2026-03-04T12:00:00+00:00", frame.GetProperty("frame_time").GetString());
        Assert.Equal(
            ["id", "model_id", "frame_number", "track_id", "class_id", "class_name", "confidence", "x", "y", "width", "height"],
            frame.GetProperty("detections")[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal("helmet ⛑", frame.GetProperty("detections")[0].GetProperty("class_name").GetString());
        Assert.Equal(DeliveryJson.Write(delivery), DeliveryJson.Write(Deliveries.Of(Deliveries.Detection(camera, id: id))));
        Assert.NotEqual(delivery.Id, Deliveries.Of(Deliveries.Detection(camera)).Id);
        Assert.NotEqual(delivery.Id, (delivery with { Destination = "other" }).Id);
        Assert.DoesNotContain("delivery_id", Encoding.UTF8.GetString(DeliveryJson.WriteOne(delivery, delivery.Frames[0])), StringComparison.Ordinal);
    }
}
