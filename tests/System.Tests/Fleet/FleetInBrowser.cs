using System.Text.RegularExpressions;

using Microsoft.Playwright;

namespace OrleansAiFleet.System.Tests.Fleet;

/// <summary>One whole fleet with its samples, and a browser to look at it.</summary>
public sealed partial class FleetInBrowser : IAsyncLifetime
{
    // No sandbox, graphics or background traffic: the browser runs as root in a container and sees this machine alone.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    ];

    /// <summary>The administrator's, from its first sign-in on.</summary>
    public const string Password = "five green cranes turn slowly";

    private FleetUnderTest? _fleet;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _signedIn;

    /// <summary>Address of the console.</summary>
    public Uri Console => _fleet!.Console;

    /// <summary>Address of the control silo.</summary>
    public Uri Api => _fleet!.Api.BaseAddress!;

    /// <summary>Runs a command on the fleet.</summary>
    internal Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) => _fleet!.CommandAsync(arguments);

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
        _signedIn = await SignInAsync();
    }

    /// <summary>The administrator's first sign-in, with the password that was printed, which has to be changed.</summary>
    private async Task<string> SignInAsync()
    {
        await using var visit = await OpenAsync(Console, new());
        var page = visit.Page;
        await page.GetByLabel("E-mail address").FillAsync("admin@fleet.local");
        await page.GetByLabel("Password").FillAsync(FirstPassword().Match(_fleet!.Output).Groups[1].Value);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.GetByLabel("Current password").FillAsync(FirstPassword().Match(_fleet.Output).Groups[1].Value);
        await page.GetByLabel("New password, 12 letters or more").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Assertions.Expect(page.GetByTestId("told")).ToBeVisibleAsync();
        return await page.Context.StorageStateAsync();
    }

    [GeneratedRegex("with the password (\\S+)")]
    private static partial Regex FirstPassword();

    /// <summary>Opens an address as a new visitor with a window of this size.</summary>
    internal Task<Visit> VisitAsync(
        Uri address, int width = 1440, int height = 900, ColorScheme colors = ColorScheme.Light, bool signedIn = true) => OpenAsync(
        address,
        new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = colors,
            StorageState = signedIn ? _signedIn : null,
        });

    private async Task<Visit> OpenAsync(Uri address, BrowserNewContextOptions options) =>
        await Visit.StartAsync(await _browser!.NewContextAsync(options), address);

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
