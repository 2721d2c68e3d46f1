using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansAiFleet.WebAdmin.Tests.Access;

/// <summary>A small OpenID Connect provider on loopback that signs everybody in as <see cref="Claims"/> say.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string ClientId = "fleet-console";
    public const string ClientSecret = "a secret of the console";

    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string Redirect)> _codes = new();
    private readonly WebApplication _app;

    private Provider(WebApplication app) => _app = app;

    /// <summary>Who comes next.</summary>
    public Claim[] Claims { get; set; } = [];

    /// <summary>Signs tokens with a key that is not its own.</summary>
    public bool Forges { get; set; }

    /// <summary>Puts another nonce into tokens than it was asked for.</summary>
    public bool Replays { get; set; }

    /// <summary>Who the tokens are for.</summary>
    public string Audience { get; set; } = ClientId;

    /// <summary>Refuses whoever comes.</summary>
    public bool Refuses { get; set; }

    public string Authority => _app.Urls.First();

    public static async Task<Provider> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var provider = new Provider(app);
        app.MapGet("/.well-known/openid-configuration", provider.Describe);
        app.MapGet("/keys", provider.Keys);
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.TokenAsync);
        await app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Describe() => Results.Json(new
    {
        issuer = Authority,
        authorization_endpoint = $"{Authority}/authorize",
        token_endpoint = $"{Authority}/token",
        jwks_uri = $"{Authority}/keys",
        response_types_supported = new[] { "code" },
        subject_types_supported = new[] { "public" },
        id_token_signing_alg_values_supported = new[] { "RS256" },
    });

    private IResult Keys()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return Results.Json(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) } },
        });
    }

    private IResult Authorize(string client_id, string redirect_uri, string state, string nonce, string code_challenge, string code_challenge_method)
    {
        Assert.Equal((ClientId, "S256"), (client_id, code_challenge_method));
        if (Refuses)
        {
            return Results.Redirect($"{redirect_uri}?error=access_denied&error_description=no%0Aentry&state={Uri.EscapeDataString(state)}");
        }

        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (code_challenge, nonce, redirect_uri);
        return Results.Redirect($"{redirect_uri}?code={code}&state={Uri.EscapeDataString(state)}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var verifier = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var given)
            || form["client_secret"] != ClientSecret || verifier != given.Challenge || form["redirect_uri"] != given.Redirect)
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: StatusCodes.Status400BadRequest);
        }

        using var other = RSA.Create(2048);
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Authority,
            Audience = Audience,
            Expires = TimeProvider.System.GetUtcNow().AddMinutes(5).UtcDateTime,
            Subject = new([.. Claims, new("nonce", Replays ? "another" : given.Nonce)]),
            SigningCredentials = new(new RsaSecurityKey(Forges ? other : _key) { KeyId = "1", CryptoProviderFactory = new() { CacheSignatureProviders = false } }, "RS256"),
        });
        return Results.Json(new { access_token = "none", token_type = "Bearer", id_token = token });
    }
}
