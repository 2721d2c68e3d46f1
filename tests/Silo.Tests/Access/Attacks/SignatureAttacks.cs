using System.Globalization;
using System.Net;
using System.Text;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Access;

namespace OrleansAiFleet.Silo.Tests.Access.Attacks;

/// <summary>Signed requests that are sent again, or are not what was signed.</summary>
internal sealed class SignatureAttacks(ControlSilo silo, AttackLog log)
{
    private const string Kind = "replayed and changed hooks";
    private const string Path = "/api/admin/api-keys";

    public async Task RunAsync()
    {
        using var http = silo.Anonymous();
        var (_, key) = await silo.KeyAsync([new(AccessRole.Integration)]);
        var (_, other) = await silo.KeyAsync([new(AccessRole.Integration)]);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signed = Signed(key, now, Path, """{"name":"once"}""");
        Assert.Equal(HttpStatusCode.Created, (await http.SendAsync(signed())).StatusCode);

        for (var i = 0; i < 5; i++)
        {
            await log.RefusedAsync(http, Kind, "sent again", signed());
        }

        await log.RefusedAsync(http, Kind, "too old", Signed(key, now - 301, Path, "{}")());
        await log.RefusedAsync(http, Kind, "too early", Signed(key, now + 360, Path, "{}")());
        await log.RefusedAsync(http, Kind, "another body", Signed(key, now, Path, """{"name":"a"}""", sentBody: """{"name":"b"}""")());
        await log.RefusedAsync(http, Kind, "another path", Signed(key, now, Path, """{"name":"a"}""", sentPath: "/api/admin/api-keys?limit=1")());
        await log.RefusedAsync(http, Kind, "another time", Signed(key, now, Path, """{"name":"a"}""", sentTime: now + 1)());
        await log.RefusedAsync(http, Kind, "another key's id", Signed(key, now, Path, """{"name":"a"}""", sentKey: other.Row.Id)());
        await log.RefusedAsync(http, Kind, "no such key", Signed(key, now, Path, """{"name":"a"}""", sentKey: Guid.NewGuid())());
        await log.RefusedAsync(http, Kind, "no rights", Signed(key, now, "/api/admin/people", """{"name":"a@example.org"}""")());
        foreach (var signature in new[] { "", "00", new string('0', 64), new string('z', 64), "sha256=" + new string('0', 64) })
        {
            var request = Signed(key, now, Path, """{"name":"a"}""")();
            request.Headers.Remove("X-Fleet-Signature");
            request.Headers.TryAddWithoutValidation("X-Fleet-Signature", signature);
            await log.RefusedAsync(http, Kind, "made up", request);
        }

        var large = Signed(key, now, Path, $$"""{"name":"{{new string('x', SignedRequest.MaximumBody)}}"}""")();
        await log.RefusedAsync(http, Kind, "more than can be signed", large, HttpStatusCode.RequestEntityTooLarge);
    }

    private static Func<HttpRequestMessage> Signed(
        NewApiKey key, long time, string path, string body,
        string? sentBody = null, string? sentPath = null, long? sentTime = null, Guid? sentKey = null)
    {
        var signature = Convert.ToHexStringLower(
            SignedRequest.Sign(key.Answer.SigningSecret!, time, "POST", path, Encoding.UTF8.GetBytes(body)));
        return () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, sentPath ?? path)
            {
                Content = new StringContent(sentBody ?? body, Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("X-Fleet-Key-Id", (sentKey ?? key.Row.Id).ToString());
            request.Headers.Add("X-Fleet-Timestamp", (sentTime ?? time).ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("X-Fleet-Signature", signature);
            return request;
        };
    }
}
