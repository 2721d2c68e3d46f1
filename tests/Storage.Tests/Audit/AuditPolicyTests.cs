using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Audit;

public sealed class AuditPolicyTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    [Theory]
    [InlineData("rtsp://camera.test/stream", "rtsp://camera.test/stream")]
    [InlineData("rtsp://camera.test/stream?key=1", "rtsp://camera.test/stream?***")]
    [InlineData("rtsp://user:pass@camera.test:554/stream?a=b#c", "rtsp://***@camera.test:554/stream?***")]
    [InlineData("rtsp://us@er:pa@ss@camera.test", "rtsp://***@camera.test")]
    [InlineData("http://camera.test#token", "http://camera.test#***")]
    [InlineData("http://camera.test/a@b", "http://camera.test/a@b")]
    [InlineData("/clips/a.mp4", "/clips/a.mp4")]
    [InlineData("clips/a.mp4?x", "clips/a.mp4?***")]
    public void Address_is_shown_without_user_and_query(string address, string shown) =>
        Assert.Equal(shown, AuditPolicy.MaskAddress(address));

    [Theory]
    [InlineData("cameras", "source_credentials")]
    [InlineData("model_deployments", "api_key")]
    [InlineData("users", "password_hash")]
    [InlineData("users", "security_stamp")]
    [InlineData("user_tokens", "value")]
    [InlineData("api_keys", "hash")]
    [InlineData("webhooks", "signing_secret")]
    [InlineData("model_deployments", "apiKey")]
    [InlineData("model_deployments", "X-Api-Key")]
    [InlineData("model_deployments", "accessToken")]
    [InlineData("model_deployments", "Authorization")]
    public void Secrets_are_masked(string table, string column) => Assert.True(AuditPolicy.IsSecret(table, column));

    [Fact]
    public async Task Of_the_registrys_own_columns_only_the_secrets_are_masked()
    {
        await using var db = await database.Contexts.CreateDbContextAsync();

        var masked = db.Model.GetEntityTypes()
            .SelectMany(row => row.GetProperties().Select(property => (Table: row.GetTableName()!, Column: property.GetColumnName())))
            .Where(column => AuditPolicy.IsSecret(column.Table, column.Column));

        Assert.Equal([("cameras", "source_credentials"), ("model_deployments", "api_key")], masked.Order());
    }

    [Fact]
    public void Only_what_changed_is_written_and_numbers_keep_their_spelling()
    {
        var record = RowDifference.Of(
            "cameras", "1", """{"id":"1","x":1.50,"y":null,"z":{"a": [1,  2]}}""", """{"id":"1","x":2.00,"y":"ä<","z":{"a": [1,  2]}}""", null);

        Assert.Equal(("""{"x":1.50,"y":null}""", """{"x":2.00,"y":"ä<"}"""), (record!.Before, record.After));
    }

    [Fact]
    public void Secrets_within_json_are_masked_too()
    {
        const string Row = """
            {"output_destinations":[{"url":"https://u:planted@h/x?k=planted","headers":{"Authorization":"planted"},"rate":1.50},
            "rtsp://u:planted@h/s"],"configuration":{"apiKey":"planted","password":{"old":"planted"},"note":"a@b"},"description":"see http://a@b"}
            """;

        var record = RowDifference.Of("model_deployments", "1", null, Row, null);

        Assert.Equal(
            """{"output_destinations":[{"url":"https://***@h/x?***","headers":{"Authorization":"***"},"rate":1.50},"rtsp://***@h/s"]"""
            + ""","configuration":{"apiKey":"***","password":"***","note":"a@b"},"description":"see http://a@b"}""",
            record!.After);
    }

    [Fact]
    public void Bookkeeping_alone_is_no_change() => Assert.Null(RowDifference.Of(
        "api_keys", "1", """{"last_used_at":"a","updated_at":"b"}""", """{"last_used_at":"c","updated_at":"d"}""", null));
}
