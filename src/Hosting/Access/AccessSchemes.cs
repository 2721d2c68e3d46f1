using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>The ways to say who one is, and which of them a request takes.</summary>
internal static class AccessSchemes
{
    /// <summary>Chooses among the others.</summary>
    public const string Any = "Fleet";

    /// <summary>An API key.</summary>
    public const string Key = "Fleet.Key";

    /// <summary>A signature made with a key's signing secret.</summary>
    public const string Signature = "Fleet.Signature";

    public const string KeyHeader = "X-Api-Key";
    public const string SignatureHeader = "X-Fleet-Signature";
    public const string TimestampHeader = "X-Fleet-Timestamp";
    public const string KeyIdHeader = "X-Fleet-Key-Id";

    /// <summary>The claim with a key's id.</summary>
    public const string KeyClaim = "fleet:key";

    private const string BearerPrefix = "Bearer ";

    /// <summary>The way that this request takes.</summary>
    public static string Choose(HttpContext context) => context.Request.Headers switch
    {
        var headers when headers.ContainsKey(SignatureHeader) => Signature,
        var headers when headers.ContainsKey(KeyHeader) => Key,
        var headers when Bearer(context.Request) is { } token =>
            token.StartsWith(ApiKeySecret.Mark, StringComparison.Ordinal) ? Key : IdentityConstants.BearerScheme,
        _ => IdentityConstants.ApplicationScheme,
    };

    /// <summary>The API key of a request, or null.</summary>
    public static string? FindKey(HttpRequest request) =>
        request.Headers.TryGetValue(KeyHeader, out var key) ? key.ToString() : Bearer(request);

    /// <summary>Whether the request says who it is from, rightly or not.</summary>
    public static bool HasCredentials(HttpRequest request) =>
        request.Headers.ContainsKey(SignatureHeader) || request.Headers.ContainsKey(KeyHeader) || request.Headers.Authorization.Count > 0;

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } value && value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? value[BearerPrefix.Length..].Trim()
            : null;
}
