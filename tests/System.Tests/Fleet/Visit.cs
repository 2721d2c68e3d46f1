using System.Collections.Concurrent;

using Deque.AxeCore.Playwright;

using Microsoft.Playwright;

namespace OrleansAiFleet.System.Tests.Fleet;

/// <summary>A page that somebody looks at, with everything that went wrong in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _origin;
    private readonly ConcurrentQueue<string> _scriptFaults = [];
    private readonly ConcurrentQueue<string> _requestFaults = [];

    private Visit(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _origin) = (context, page, address.GetLeftPart(UriPartial.Authority));
        page.Console += (_, message) => Note(_scriptFaults, message.Type is "error" or "warning", $"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Note(_scriptFaults, true, error);
        page.RequestFailed += (_, request) => Note(_requestFaults, true, $"{request.Url} failed: {request.Failure}");
        page.Response += (_, response) => Note(_requestFaults, response.Status >= 400, $"{response.Url} answered {response.Status}");
        page.Request += (_, request) => Note(
            _requestFaults,
            request.Url.StartsWith("http", StringComparison.Ordinal) && !request.Url.StartsWith(_origin, StringComparison.Ordinal),
            $"{request.Url} is elsewhere");
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the browser's console, failed requests, and requests to another host.</summary>
    public IReadOnlyCollection<string> Faults => [.. _scriptFaults, .. _requestFaults];

    /// <summary>The part of them that is about requests.</summary>
    public IReadOnlyCollection<string> RequestFaults => _requestFaults;

    public static async Task<Visit> StartAsync(IBrowserContext context, Uri address)
    {
        var visit = new Visit(context, await context.NewPageAsync(), address);
        await visit.Page.GotoAsync(address.AbsoluteUri);
        return visit;
    }

    /// <summary>What would keep somebody from using the page, by axe's rules.</summary>
    public async Task<IReadOnlyList<string>> FindBarriersAsync() =>
    [
        .. (await Page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(' ', violation.Nodes.Select(node => node.Html))}"),
    ];

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private static void Note(ConcurrentQueue<string> faults, bool isFault, string what)
    {
        if (isFault)
        {
            faults.Enqueue(what);
        }
    }
}
