using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Tests.Access.Attacks;

/// <summary>Credentials that are made up, changed, or good no more.</summary>
internal sealed class TokenAttacks(ControlSilo silo, AttackLog log)
{
    private const string Forged = "forged credentials";
    private const string Ended = "ended credentials";
    private const string Path = "/api/admin/people";

    public async Task RunAsync()
    {
        using var http = silo.Anonymous();
        var tokens = await SignInAsync(http, ControlSilo.AdministratorEmail, ControlSilo.AdministratorPassword);
        var access = (string)tokens["access_token"]!;
        var (_, key) = await silo.KeyAsync([new(AccessRole.Administrator)]);
        var secret = key.Answer.Secret;
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(Bearer(access))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(Key(secret))).StatusCode);

        foreach (var token in Forgeries(access, (string)tokens["refresh_token"]!))
        {
            await log.RefusedAsync(http, Forged, token[..Math.Min(20, token.Length)], Bearer(token));
        }

        foreach (var wrong in new[] { Swap(secret), secret.ToLowerInvariant(), secret[..^1], secret + "A", "", "fleet_", new string('A', 4000), ApiKeySecret.Create() })
        {
            await log.RefusedAsync(http, Forged, "key", Key(wrong), HttpStatusCode.BadRequest);
        }

        foreach (var header in new[] { $"Basic {Convert.ToBase64String("first@example.org:correct horse battery staple"u8)}", $"Digest {access}", access, "Bearer" })
        {
            var request = Get();
            request.Headers.TryAddWithoutValidation("Authorization", header);
            await log.RefusedAsync(http, Forged, header[..Math.Min(8, header.Length)], request);
        }

        await log.RefusedAsync(http, Forged, "key in the query", new(HttpMethod.Get, $"{Path}?api_key={secret}&access_token={access}"));
        foreach (var cookie in new[] { "fleet=x", $"fleet={access}", "fleet=CfDJ8AAAAAAAAAAAAAAAAAAAAAAA" })
        {
            var request = Get();
            request.Headers.Add("Cookie", cookie);
            await log.RefusedAsync(http, Forged, "cookie", request);
        }

        await EndedAsync(http);
    }

    private async Task EndedAsync(HttpClient http)
    {
        var (owner, key) = await silo.KeyAsync([new(AccessRole.Administrator)]);
        var next = await (await silo.Administrator.Post($"/api/admin/api-keys/{key.Row.Id}/rotate", new { overlap_hours = 0 }))
            .Read<JsonObject>(HttpStatusCode.Created);
        await log.RefusedAsync(http, Ended, "replaced key without overlap", Key(key.Answer.Secret));
        var secret = (string)next["secret"]!;
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(Key(secret))).StatusCode);

        await silo.Administrator.DeleteAsync(new Uri($"/api/admin/api-keys/{(string)next["key"]!["id"]!}", UriKind.Relative));
        await log.RefusedAsync(http, Ended, "revoked key", Key(secret));

        var (disabled, other) = await silo.KeyAsync([new(AccessRole.Administrator)]);
        await silo.Administrator.PutAsync(
            new Uri($"{Path}/{disabled}", UriKind.Relative), System.Net.Http.Json.JsonContent.Create(new { disabled = true }));
        await log.RefusedAsync(http, Ended, "key of somebody disabled", Key(other.Answer.Secret));
        await log.RefusedAsync(http, Ended, "expired key", Key(await ExpiredAsync(owner)));

        var email = $"{Guid.NewGuid():N}@example.org";
        await PersonAsync(email, "seven purple lanterns");
        var tokens = await SignInAsync(http, email, "seven purple lanterns");
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(Bearer((string)tokens["access_token"]!))).StatusCode);
        var signOut = Bearer((string)tokens["access_token"]!);
        (signOut.Method, signOut.RequestUri) = (HttpMethod.Post, new Uri("/api/access/sign-out", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, (await http.SendAsync(signOut)).StatusCode);
        await log.RefusedAsync(http, Ended, "token after signing out", Bearer((string)tokens["access_token"]!));
        using var refreshed = await http.Post("/api/access/refresh", new { refresh_token = (string)tokens["refresh_token"]! });
        log.Note(Ended, "refresh token after signing out", refreshed.StatusCode is HttpStatusCode.Unauthorized);
    }

    private async Task PersonAsync(string email, string password)
    {
        using var scope = silo.App.Services.CreateScope();
        var result = await scope.ServiceProvider.GetRequiredService<NewPeople>().CreateAsync(
            new() { Id = Guid.CreateVersion7(), UserName = email, Email = email }, password, [new(AccessRole.Administrator)], CancellationToken.None);
        Assert.True(result.Succeeded);
    }

    private async Task<string> ExpiredAsync(Guid owner)
    {
        var secret = ApiKeySecret.Create();
        await silo.Get<ApiKeyStore>().AddAsync(
            new()
            {
                Id = Guid.CreateVersion7(),
                UserId = owner,
                Name = "expired",
                Prefix = ApiKeySecret.PrefixOf(secret),
                Hash = ApiKeySecret.Hash(secret),
                ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1),
                CreatedAt = TimeProvider.System.GetUtcNow().AddDays(-1),
            },
            CancellationToken.None);
        return secret;
    }

    private static IEnumerable<string> Forgeries(string access, string refresh)
    {
        yield return refresh;
        yield return "eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMDAwIiwicm9sZSI6ImFkbWluaXN0cmF0b3IifQ.";
        yield return Convert.ToBase64String(new byte[200]);
        yield return access + "A";
        yield return access[..^4];
        yield return access + access;
        for (var i = 0; i < access.Length; i += access.Length / 16)
        {
            yield return string.Concat(access.AsSpan(0, i), access[i] == 'A' ? "B" : "A", access.AsSpan(i + 1));
        }
    }

    private static string Swap(string secret) => secret[..^2] + (secret[^2] == 'A' ? 'B' : 'A') + secret[^1];

    private static async Task<JsonObject> SignInAsync(HttpClient http, string email, string password) =>
        await (await http.Post("/api/access/sign-in", new { email, password })).Read<JsonObject>();

    private static HttpRequestMessage Get() => new(HttpMethod.Get, Path);

    private static HttpRequestMessage Bearer(string token)
    {
        var request = Get();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static HttpRequestMessage Key(string key)
    {
        var request = Get();
        request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        return request;
    }
}
