using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Requests signed with a key's signing secret (<see cref="SignedRequest"/>), each taken once, within a window of time.</summary>
internal sealed class SignatureAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    AccessCache cache,
    IAccessReader reader,
    SigningSecrets secrets,
    KeyUse use,
    IOptions<AccessOptions> access,
    TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const int SignatureBytes = 32;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Guid.TryParse(Request.Headers[AccessSchemes.KeyIdHeader], out var keyId)
            || !long.TryParse(Request.Headers[AccessSchemes.TimestampHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || ReadSignature() is not { } signature)
        {
            return AuthenticateResult.Fail(
                $"A signed request needs {AccessSchemes.KeyIdHeader}, {AccessSchemes.TimestampHeader} in Unix seconds and "
                + $"{AccessSchemes.SignatureHeader} in hexadecimal.");
        }

        var window = access.Value.SignatureWindow;
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (seconds > now + window.TotalSeconds || seconds < now - window.TotalSeconds)
        {
            return AuthenticateResult.Fail("The time of the signed request is too far off.");
        }

        return await cache.FindKeyAsync(keyId, Context.RequestAborted) is { } key && await IsSignedByAsync(key, seconds, signature)
            ? await AcceptOnceAsync(key, signature, DateTimeOffset.FromUnixTimeSeconds(seconds) + window)
            : AuthenticateResult.Fail("The signature is not that of this key over this request.");
    }

    private async Task<AuthenticateResult> AcceptOnceAsync(KeyAccess key, byte[] signature, DateTimeOffset expiresAt)
    {
        var result = use.Accept(Context, key, Scheme.Name);
        return !result.Succeeded || await reader.TakeSignedRequestAsync(key.Id, signature, expiresAt, Context.RequestAborted)
            ? result
            : AuthenticateResult.Fail("The signed request was taken already.");
    }

    private byte[]? ReadSignature()
    {
        var text = Request.Headers[AccessSchemes.SignatureHeader].ToString();
        var signature = new byte[SignatureBytes];
        return text.Length == 2 * SignatureBytes
            && Convert.FromHexString(text, signature, out _, out _) is System.Buffers.OperationStatus.Done
                ? signature
                : null;
    }

    private async Task<bool> IsSignedByAsync(KeyAccess key, long seconds, byte[] signature)
    {
        if (key.SigningSecret is not { } kept || secrets.Unprotect(key.Id, kept) is not { } secret
            || await ReadBodyAsync() is not { } body)
        {
            return false;
        }

        var target = Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return CryptographicOperations.FixedTimeEquals(
            SignedRequest.Sign(secret, seconds, Request.Method, target, body), signature);
    }

    private async Task<byte[]?> ReadBodyAsync()
    {
        if (Request.ContentLength > SignedRequest.MaximumBody)
        {
            return null;
        }

        Request.EnableBuffering(SignedRequest.MaximumBody, SignedRequest.MaximumBody);
        try
        {
            using var body = new MemoryStream();
            await Request.Body.CopyToAsync(body, Context.RequestAborted);
            return body.ToArray();
        }
        catch (IOException)
        {
            // Longer than what can be signed.
            return null;
        }
        finally
        {
            if (Request.Body.CanSeek)
            {
                Request.Body.Position = 0;
            }
        }
    }
}
