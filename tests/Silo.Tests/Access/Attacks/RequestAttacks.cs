using System.Net;

using OrleansAiFleet.Access;

namespace OrleansAiFleet.Silo.Tests.Access.Attacks;

/// <summary>Addresses, headers and bodies that try to get past the gate, or to break it.</summary>
internal sealed class RequestAttacks(ControlSilo silo, AttackLog log)
{
    private static readonly string[] Protected = ["/api/admin/people", "/api/admin/audit", "/api/admin/api-keys", "/metrics", "/orleans/DashboardCounters", "/openapi/v1.json"];

    private Uri Host => silo.Address;

    public async Task RunAsync()
    {
        foreach (var path in Protected.SelectMany(Disguises))
        {
            await RawAsync("path traversal and disguised paths", path, $"GET {path} HTTP/1.1\r\nHost: {Host.Authority}\r\nConnection: close\r\n\r\n");
        }

        foreach (var (what, headers) in Headers())
        {
            await RawAsync("header injection", what, $"GET /api/admin/people HTTP/1.1\r\nHost: {Host.Authority}\r\n{headers}\r\nConnection: close\r\n\r\n");
        }

        foreach (var method in new[] { "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get" })
        {
            await RawAsync("other methods", method, $"{method} /api/admin/people HTTP/1.1\r\nHost: {Host.Authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }

        await SmuggleAsync();
        await OversizedAsync();
        await InjectAsync();
    }

    private static IEnumerable<string> Disguises(string path)
    {
        yield return path;
        yield return "/health/live/.." + "/.." + path;
        yield return "/health/../" + path.TrimStart('/');
        yield return "/health/live/%2e%2e/%2e%2e" + path;
        yield return "/health/live/..%2f..%2f" + path.TrimStart('/');
        yield return "/api/access/sign-in/..;/" + path.TrimStart('/');
        yield return "/" + path;
        yield return "//" + path.TrimStart('/');
        yield return path + "/";
        yield return path + "/.";
        yield return path + "%00";
        yield return path + "?/health/live";
        yield return path + "#/health/live";
        yield return path.ToUpperInvariant();
        yield return path.Replace("/", "/./", StringComparison.Ordinal);
        yield return path.Replace('/', '\\');
        yield return path.Replace("a", "%61", StringComparison.Ordinal);
        yield return "http://127.0.0.1/health/live" + path;
    }

    private static IEnumerable<(string What, string Headers)> Headers()
    {
        yield return ("forwarded for", "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https");
        yield return ("rewritten url", "X-Original-URL: /health/live\r\nX-Rewrite-URL: /health/live");
        yield return ("method override", "X-HTTP-Method-Override: POST");
        yield return ("claimed user", "X-User: admin\r\nX-Remote-User: first@example.org\r\nRemote-User: admin\r\nX-Fleet-Caller: admin");
        yield return ("two keys", "X-Api-Key: a\r\nX-Api-Key: b");
        yield return ("folded", "X-Api-Key: a\r\n Authorization: Bearer x");
        yield return ("null", "X-Api-Key: a\0b");
        yield return ("line feed", "X-Api-Key: a\nX-Admin: 1");
        yield return ("two hosts", "Host: elsewhere.example");
        yield return ("preflight", "Origin: https://evil.example\r\nAccess-Control-Request-Method: GET");
    }

    private async Task RawAsync(string kind, string what, string request)
    {
        var (status, text) = await RawRequest.SendAsync(Host, request);
        log.Note(kind, $"{what}: {status}", status is 0 or (>= 400 and < 500) || (status is 302 && text.Contains("sign-in", StringComparison.Ordinal)));
    }

    // A second request hidden in the first one's body must never be answered as a request of its own.
    private async Task SmuggleAsync()
    {
        const string Hidden = "GET /api/admin/people HTTP/1.1\r\nHost: x\r\n\r\n";
        string[] framings =
        [
            $"Content-Length: 0\r\nContent-Length: {Hidden.Length}",
            $"Content-Length: {Hidden.Length}\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            "Content-Length: -1",
            "Content-Length: +5",
        ];
        foreach (var framing in framings)
        {
            var (_, text) = await RawRequest.SendAsync(
                Host, $"POST /api/access/sign-in HTTP/1.1\r\nHost: {Host.Authority}\r\nContent-Type: application/json\r\n{framing}\r\nConnection: close\r\n\r\n0\r\n\r\n{Hidden}");
            log.Note("request smuggling", framing, text.Split("HTTP/1.1 ").Length <= 2 && !text.Contains("HTTP/1.1 200", StringComparison.Ordinal));
        }
    }

    private async Task OversizedAsync()
    {
        const string Kind = "oversized requests";
        using var anonymous = silo.Anonymous();
        var large = new string('x', 2 << 20);
        using var body = new StringContent($$"""{"email":"{{large}}","password":"x"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await anonymous.PostAsync(new Uri("/api/access/sign-in", UriKind.Relative), body);
        log.Note(Kind, $"body: {(int)answer.StatusCode}", answer.StatusCode is HttpStatusCode.RequestEntityTooLarge);

        using var deep = new StringContent(new string('[', 100_000), System.Text.Encoding.UTF8, "application/json");
        using var nested = await anonymous.PostAsync(new Uri("/api/access/sign-in", UriKind.Relative), deep);
        log.Note(Kind, $"nested body: {(int)nested.StatusCode}", nested.StatusCode is HttpStatusCode.BadRequest);

        foreach (var (what, request) in new[]
        {
            ("header", $"GET /health/live HTTP/1.1\r\nHost: {Host.Authority}\r\nX-Large: {new string('x', 64 << 10)}\r\n\r\n"),
            ("headers", $"GET /health/live HTTP/1.1\r\nHost: {Host.Authority}\r\n{string.Concat(Enumerable.Range(0, 500).Select(i => $"X-{i}: x\r\n"))}\r\n"),
            ("request line", $"GET /{new string('x', 64 << 10)} HTTP/1.1\r\nHost: {Host.Authority}\r\n\r\n"),
            ("key", $"GET /api/admin/people HTTP/1.1\r\nHost: {Host.Authority}\r\nX-Api-Key: fleet_{new string('x', 16 << 10)}\r\nConnection: close\r\n\r\n"),
        })
        {
            await RawAsync(Kind, what, request);
        }
    }

    // What a caller names comes back in headers and errors: it must not make a header of its own.
    private async Task InjectAsync()
    {
        var site = await silo.CreateSiteAsync("Injection");
        using var manager = await silo.ClientAsync([new(AccessRole.SiteManager, site)]);
        foreach (var name in new[] { "a\r\nSet-Cookie: fleet=x", "a%0d%0aSet-Cookie: fleet=x", "<script>alert(1)</script>" })
        {
            using var answer = await OrleansAiFleet.Silo.Tests.Fleet.Answers.Post(
                manager, "/api/admin/cameras", new { site_id = site, name, source_url = $"http://192.0.2.1/{name}" });
            log.Note("header injection", "name", !answer.Headers.Contains("Set-Cookie"));
        }

        foreach (var path in new[] { "/docs%0d%0aSet-Cookie:%20fleet=x", "/?return_url=%0d%0aSet-Cookie:%20fleet=x" })
        {
            var (_, text) = await RawRequest.SendAsync(
                Host, $"GET {path} HTTP/1.1\r\nHost: {Host.Authority}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
            log.Note("header injection", path, !text.Contains("\nSet-Cookie: fleet", StringComparison.OrdinalIgnoreCase));
        }
    }
}
