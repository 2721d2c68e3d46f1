using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Access;

[Collection(ControlSiloTests.Name)]
public sealed class TwoFactorTests(ControlSilo silo)
{
    private const string Password = "nine yellow umbrellas";
    private readonly string _email = $"{Guid.NewGuid():N}@example.org";

    [Fact]
    public async Task Second_factor_is_asked_for_once_it_is_set_up_and_a_recovery_code_is_good_once()
    {
        await CreateAsync();
        using var http = silo.Anonymous();
        await SignInAsync(http, null, null, HttpStatusCode.OK);
        var key = (string)(await (await http.Post("/api/access/two-factor", new { })).Read<JsonObject>())["shared_key"]!;
        await SignInAsync(http, null, null, HttpStatusCode.OK);
        (await http.Post("/api/access/two-factor/enable", new { code = "000000" })).Dispose();

        using var enabled = await http.Post("/api/access/two-factor/enable", new { code = Code(key) });
        var recovery = (await enabled.Read<JsonObject>())["codes"]!.AsArray().Select(code => (string)code!).ToArray();

        Assert.Equal(10, recovery.Length);
        await SignInAsync(http, null, null, HttpStatusCode.Unauthorized);
        await SignInAsync(http, "000000", null, HttpStatusCode.Unauthorized);
        await SignInAsync(http, Code(key), null, HttpStatusCode.OK);
        await SignInAsync(http, null, recovery[0], HttpStatusCode.OK);
        await SignInAsync(http, null, recovery[0], HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Code_is_good_for_one_sign_in_also_of_several_at_once()
    {
        await CreateAsync();
        using var http = silo.Anonymous();
        await SignInAsync(http, null, null, HttpStatusCode.OK);
        var key = (string)(await (await http.Post("/api/access/two-factor", new { })).Read<JsonObject>())["shared_key"]!;
        await SignInAsync(http, null, null, HttpStatusCode.OK);
        await (await http.Post("/api/access/two-factor/enable", new { code = Code(key) })).Read<JsonObject>();

        // Codes of the next step are good already: the step may change meanwhile.
        var (first, second) = (Code(key), Code(key, step: 1));
        await SignInAsync(http, first, null, HttpStatusCode.OK);
        await SignInAsync(http, first, null, HttpStatusCode.Unauthorized);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => silo.Anonymous().Post(
            "/api/access/sign-in", new { email = _email, password = Password, two_factor_code = second })));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.OK);
        Assert.Equal(3, answers.Count(answer => answer.StatusCode is HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Authenticator_key_is_not_in_the_database_as_it_is()
    {
        await CreateAsync();
        using var http = silo.Anonymous();
        await SignInAsync(http, null, null, HttpStatusCode.OK);
        var key = (string)(await (await http.Post("/api/access/two-factor", new { })).Read<JsonObject>())["shared_key"]!;

        await using var command = silo.Get<Npgsql.NpgsqlDataSource>().CreateCommand("SELECT string_agg(value, ' ') FROM user_tokens");

        Assert.DoesNotContain(key, (string)(await command.ExecuteScalarAsync())!, StringComparison.Ordinal);
    }

    private async Task CreateAsync()
    {
        using var scope = silo.App.Services.CreateScope();
        var result = await scope.ServiceProvider.GetRequiredService<NewPeople>().CreateAsync(
            new() { Id = Guid.CreateVersion7(), UserName = _email, Email = _email }, Password, [new(AccessRole.Viewer)], CancellationToken.None);
        Assert.True(result.Succeeded);
    }

    private async Task SignInAsync(HttpClient http, string? code, string? recovery, HttpStatusCode expected)
    {
        http.DefaultRequestHeaders.Authorization = null;
        using var answer = await http.Post(
            "/api/access/sign-in", new { email = _email, password = Password, two_factor_code = code, recovery_code = recovery });
        var read = await answer.Read<JsonObject>(expected);
        if (expected is HttpStatusCode.OK)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)read["access_token"]!);
        }
    }

    // RFC 6238 with its defaults: SHA-1, 30 seconds, six digits.
    private static string Code(string base32, int step = 0)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) + step);
#pragma warning disable CA5350 // What the standard says, and what every authenticator does.
        var hash = HMACSHA1.HashData(Bytes(base32), counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Bytes(string base32)
    {
        var bits = string.Concat(base32.Select(letter =>
            Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2))];
    }
}
