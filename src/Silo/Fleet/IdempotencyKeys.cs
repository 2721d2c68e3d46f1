using System.Security.Cryptography;
using System.Text;

using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Metadata;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>
/// A POST with an <c>Idempotency-Key</c> is carried out once: its repetition gets the first one's answer. The semantics are those of
/// draft-ietf-httpapi-idempotency-key-header. Answers that changed nothing (4xx, 5xx) are not kept: the request may come again.
/// </summary>
internal sealed partial class IdempotencyKeys(
    RequestDelegate next, IdempotentRequests requests, IDataProtectionProvider protection, ILogger<IdempotencyKeys> logger)
{
    private const string Header = "Idempotency-Key";
    private const int LongestKey = 200;

    /// <summary>Largest answer that is kept, in bytes; none of the API's to a POST comes near.</summary>
    private const int MostAnswerBytes = 4 << 20;

    private readonly IDataProtector _protector = protection.CreateProtector("Fleet.IdempotentAnswers.v1");

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method)
            || !context.Request.Headers.TryGetValue(Header, out var header)
            || context.GetEndpoint() is null
            || context.Features.Get<CurrentAccess>() is not { IsKnown: true, DeploymentKey: null } access)
        {
            await next(context);
            return;
        }

        var key = Check(header.ToString());
        var request = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        var fingerprint = await FingerprintAsync(context);
        if (await requests.BeginAsync(access.UserId, key, request, fingerprint, context.RequestAborted) is { } first)
        {
            await RepeatAsync(context, first, request, fingerprint);
            return;
        }

        await CarryOutAsync(context, access.UserId, key);
    }

    private static string Check(string key) => key.Length is > 0 and <= LongestKey && key.All(letter => letter is > ' ' and <= '~')
        ? key
        : throw new FleetRefusedException(
            RefusalKind.Invalid, Header, $"{Header} must be 1 to {LongestKey} characters of ASCII without spaces; a UUID does well.");

    // A large upload is streamed and cannot be read first: its length and type stand for it.
    private static async Task<byte[]> FingerprintAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.GetEndpoint()!.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null)
        {
            return SHA256.HashData(Encoding.UTF8.GetBytes($"{request.ContentLength} {request.ContentType?.Split(';')[0]}"));
        }

        request.EnableBuffering();
        var hash = await SHA256.HashDataAsync(request.Body, context.RequestAborted);
        request.Body.Position = 0;
        return hash;
    }

    private async Task RepeatAsync(HttpContext context, IdempotentRequest first, string request, byte[] fingerprint)
    {
        if (first.Status is null && (first.Request.Length == 0 || first.Request == request))
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict, Header, "The first request with this key is still under way. Repeat this one a little later.");
        }

        if (first.Request != request || !first.Fingerprint.AsSpan().SequenceEqual(fingerprint))
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict, Header, "Another request bore this key. Take a new key for every new request.");
        }

        var answer = KeptAnswer.Parse(_protector.Unprotect(first.Answer!));
        context.Response.StatusCode = first.Status!.Value;
        answer.WriteHeaders(context.Response);
        context.Response.Headers["Idempotency-Replayed"] = "true";
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private async Task CarryOutAsync(HttpContext context, Guid user, string key)
    {
        var wire = context.Response.Body;
        using var copy = new MemoryStream();
        context.Response.Body = copy;
        var kept = false;
        try
        {
            await next(context);
            if (context.Response.StatusCode is >= 200 and < 300 && copy.Length <= MostAnswerBytes)
            {
                var answer = KeptAnswer.Of(context.Response, copy.ToArray());
                await requests.CompleteAsync(user, key, context.Response.StatusCode, _protector.Protect(answer.ToBytes()));
                kept = true;
            }
        }
        finally
        {
            context.Response.Body = wire;
            if (!kept)
            {
                await AbandonAsync(user, key);
            }
        }

        copy.Position = 0;
        await copy.CopyToAsync(wire, context.RequestAborted);
    }

    private async Task AbandonAsync(Guid user, string key)
    {
        try
        {
            await requests.AbandonAsync(user, key);
        }
        catch (FleetRefusedException failure)
        {
            // The request's own failure is what the caller must hear of; the key is free again in a quarter of an hour.
            LogNotAbandoned(failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An idempotency key could not be given back")]
    private partial void LogNotAbandoned(Exception failure);
}
