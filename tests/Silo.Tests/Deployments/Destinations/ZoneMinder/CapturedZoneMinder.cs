using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations.ZoneMinder;

/// <summary>An event of it; times are what its own clock shows.</summary>
internal sealed record CapturedEvent(int Monitor, string Start, string? End, string Notes);

/// <summary>A request as it got it; the form's fields in the order in which they came.</summary>
internal sealed record CapturedRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Form);

/// <summary>
/// A server on this machine with the part of ZoneMinder's API that the fleet uses. Answers have the shape, the statuses and the words that
/// version 1.36.33 was seen to give.
/// </summary>
internal sealed class CapturedZoneMinder : IAsyncDisposable
{
    public const string User = "fleet";
    public const string Password = "opensesame";

    private readonly WebApplication _server;
    private int _logins;

    private CapturedZoneMinder(WebApplication server) => _server = server;

    public string Url => $"{_server.Urls.First()}/zm";

    public int Port => new Uri(Url).Port;

    public bool AsksForLogin { get; init; }

    public string TimeZone { get; init; } = "Etc/UTC";

    public int TokenSeconds { get; init; } = 7200;

    /// <summary>Ids with what each records.</summary>
    public Dictionary<int, string> Monitors { get; } = new() { [1] = "Mocord", [2] = "Modect" };

    public ConcurrentDictionary<long, CapturedEvent> Events { get; } = [];

    public ConcurrentQueue<CapturedRequest> Requests { get; } = [];

    /// <summary>The token that it takes; null: none does any more.</summary>
    public string? Token { get; set; }

    public int Logins => _logins;

    /// <summary>Its clock; null: the machine's.</summary>
    public DateTimeOffset? Now { get; set; }

    /// <summary>What comes before all else; answers whether it has answered.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    public IEnumerable<CapturedRequest> Writes =>
        Requests.Where(request => request.Method == "POST" && request.Path.Contains("/events/", StringComparison.Ordinal));

    public static async Task<CapturedZoneMinder> StartAsync(bool asksForLogin = false, string timeZone = "Etc/UTC", int tokenSeconds = 7200)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new CapturedZoneMinder(builder.Build()) { AsksForLogin = asksForLogin, TimeZone = timeZone, TokenSeconds = tokenSeconds };
        server._server.Run(server.TakeAsync);
        await server._server.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType
            ? (await context.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString())
            : [];
        var path = context.Request.Path.Value!;
        Requests.Enqueue(new(context.Request.Method, path, context.Request.QueryString.Value ?? "", form));
        if (Now is { } now)
        {
            context.Response.Headers.Date = now.ToString("R");
        }

        if (await Before(context))
        {
            return;
        }

        var call = path.StartsWith("/zm/api/", StringComparison.Ordinal) ? path["/zm/api/".Length..] : "";
        var given = form.GetValueOrDefault("token") ?? context.Request.Query["token"].ToString();
        await (call switch
        {
            "host/login.json" => LogInAsync(context, form),
            _ when AsksForLogin && given != Token =>
                FailAsync(context, 401, "UnauthorizedException", given.Length == 0 ? "Not Authenticated" : "Expired token"),
            "host/getTimeZone.json" => context.Response.WriteAsJsonAsync(new { tz = TimeZone }),
            "host/getVersion.json" => context.Response.WriteAsJsonAsync(new { version = "1.36.33", apiversion = "2.0" }),
            "monitors.json" => context.Response.WriteAsJsonAsync(new { monitors = Monitors.Select(MonitorOf) }, options: null),
            "events.json" => ListAsync(context, _ => true),
            _ when call.StartsWith("events/index/", StringComparison.Ordinal) => ListAsync(context, Condition(call)),
            _ when call.StartsWith("events/", StringComparison.Ordinal) => EventAsync(context, long.Parse(call[7..^5], CultureInfo.InvariantCulture), form),
            _ => FailAsync(context, 404, "MissingControllerException", "Controller class could not be found."),
        });
    }

    private Task LogInAsync(HttpContext context, Dictionary<string, string> form)
    {
        if (!AsksForLogin)
        {
            return Raw(
                context,
                """
                {"access_token":null,"access_token_expires":null,"refresh_token":null,"refresh_token_expires":null,"credentials":null,
                 "append_password":null,"version":"1.36.33","apiversion":"2.0"}
                """);
        }

        if (form.GetValueOrDefault("user") != User || form.GetValueOrDefault("pass") != Password)
        {
            return FailAsync(context, 401, "UnauthorizedException", $"Login denied for user &quot;{form.GetValueOrDefault("user")}&quot;");
        }

        Token = $"eyJ0eXAi.token+{Interlocked.Increment(ref _logins)}/x";
        return context.Response.WriteAsJsonAsync(new
        {
            access_token = Token, access_token_expires = TokenSeconds, refresh_token = "eyJ0eXAi.refresh", refresh_token_expires = 86400,
            credentials = "auth=", append_password = 0, version = "1.36.33", apiversion = "2.0",
        });
    }

    // events/index/MonitorId:1/StartDateTime <=:2026-11-30 13:17:30.json
    private static Func<CapturedEvent, bool> Condition(string call)
    {
        var parts = call["events/index/".Length..^".json".Length].Split('/');
        var monitor = int.Parse(parts[0]["MonitorId:".Length..], CultureInfo.InvariantCulture);
        Assert.StartsWith("StartDateTime <=:", parts[1], StringComparison.Ordinal);
        var until = parts[1]["StartDateTime <=:".Length..];
        return one => one.Monitor == monitor && string.CompareOrdinal(one.Start, until) <= 0;
    }

    private Task ListAsync(HttpContext context, Func<CapturedEvent, bool> wanted)
    {
        Assert.Equal("StartDateTime desc", $"{context.Request.Query["sort"]} {context.Request.Query["direction"]}");
        var limit = int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture);
        var found = Events.Where(pair => wanted(pair.Value)).OrderByDescending(pair => pair.Value.Start, StringComparer.Ordinal).Take(limit);
        var events = string.Join(',', found.Select(pair => $"{{\"Event\":{EventOf(pair.Key, pair.Value)}}}"));
        return Raw(context, $$$"""{"events":[{{{events}}}],"pagination":{"page":1}}""");
    }

    private Task EventAsync(HttpContext context, long id, Dictionary<string, string> form)
    {
        if (!Events.TryGetValue(id, out var found))
        {
            return FailAsync(context, 404, "NotFoundException", "Invalid event");
        }

        if (context.Request.Method == "GET")
        {
            return Raw(context, $$$"""{"event":{"Event":{{{EventOf(id, found)}}},"Monitor":{"Id":{{{found.Monitor}}}},"Storage":[],"Group":[]}}""");
        }

        if (!form.TryGetValue("Event[Notes]", out var notes))
        {
            return Raw(context, """{"message":"Error"}""");
        }

        Events[id] = found with { Notes = notes };
        return Raw(context, """{"message":"Saved"}""");
    }

    private static string EventOf(long id, CapturedEvent one) => $$"""
        {"Id":{{id}},"MonitorId":{{one.Monitor}},"Name":"Event-{{id}}","Cause":"Motion","StartDateTime":"{{one.Start}}",
         "EndDateTime":{{(one.End is null ? "null" : $"\"{one.End}\"")}},"Length":"14.70","Frames":148,"Notes":{{JsonSerializer.Serialize(one.Notes)}},
         "Locked":false,"MaxScoreFrameId":148}
        """;

    private static object MonitorOf(KeyValuePair<int, string> monitor) => new Dictionary<string, object?>
    {
        ["Monitor"] = new Dictionary<string, object?> { ["Id"] = monitor.Key, ["Name"] = "Gate", ["Function"] = monitor.Value, ["Notes"] = null },
        ["Monitor_Status"] = new Dictionary<string, object?> { ["MonitorId"] = null, ["Status"] = null, ["CaptureFPS"] = "10.04" },
    };

    // As ZoneMinder does, it repeats the address that was asked, the token with it.
    private static Task FailAsync(HttpContext context, int status, string name, string words)
    {
        context.Response.StatusCode = status;
        var asked = context.Request.Path + context.Request.QueryString.Value;
        return context.Response.WriteAsJsonAsync(new
        {
            success = false, data = new { name = words, message = words, url = asked, exception = new { @class = name, code = status, message = words } },
        });
    }

    private static Task Raw(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json; charset=UTF-8";
        return context.Response.WriteAsync(json);
    }
}
