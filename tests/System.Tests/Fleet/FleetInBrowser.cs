using Microsoft.Playwright;

namespace OrleansAiFleet.System.Tests.Fleet;

/// <summary>One whole fleet with its samples, and a browser to look at it.</summary>
public sealed class FleetInBrowser : IAsyncLifetime
{
    // No sandbox, graphics or background traffic: the browser runs as root in a container and sees this machine alone.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    private FleetUnderTest? _fleet;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Address of the console.</summary>
    public Uri Console => _fleet!.Console;

    /// <summary>Address of the control silo.</summary>
    public Uri Api => _fleet!.Api.BaseAddress!;

    public async Task InitializeAsync()
    {
        _fleet = await FleetUnderTest.StartAsync(workers: 2);
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        await _fleet.WaitUntilAsync(
            "the sample camera finds something",
            TimeSpan.FromMinutes(1),
            async () => await _fleet.ReadHealthAsync() is { } health && health.Cameras.Any(camera => camera.Detections > 0));
    }

    /// <summary>Opens an address as a new visitor with a window of this size.</summary>
    internal async Task<Visit> VisitAsync(Uri address, int width = 1440, int height = 900, ColorScheme colors = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colors,
        });
        return await Visit.StartAsync(context, address);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }
    }
}
