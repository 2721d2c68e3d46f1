using Microsoft.Playwright;

namespace OrleansAiFleet.System.Tests.Fleet;

/// <summary>The console, the API's pages and the dashboard of a running fleet, as a browser shows them.</summary>
[Collection(WholeFleet.Name)]
public sealed class ConsoleTests(FleetInBrowser fleet) : IClassFixture<FleetInBrowser>
{
    private const string OpenPicture = "button[aria-label^='Show the live picture']";

    [Fact]
    public async Task Console_shows_every_silo_and_what_the_camera_does_as_it_does_it()
    {
        await using var visit = await fleet.VisitAsync(fleet.Console);
        var rows = visit.Page.Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        foreach (var (name, role) in ((string, string)[])[("worker-1", "Worker"), ("worker-2", "Worker"), ("silo", "Control")])
        {
            var row = rows.Filter(new() { HasText = name });
            await Assertions.Expect(row).ToContainTextAsync(role);
            await Assertions.Expect(row).ToContainTextAsync("Active");
        }

        var camera = visit.Page.GetByTestId("camera");
        await Assertions.Expect(camera).ToContainTextAsync("Running");
        foreach (var figure in (string[])["Inferred", "Detections"])
        {
            var value = Figure(camera, figure);
            await Assertions.Expect(value).ToContainTextAsync(new global::System.Text.RegularExpressions.Regex("[1-9]"));
        }

        var before = await Figure(camera, "Detections").InnerTextAsync();
        await Assertions.Expect(Figure(camera, "Detections")).Not.ToHaveTextAsync(before);
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Visitor_signs_in_comes_where_they_wanted_and_signs_out()
    {
        await using var visit = await fleet.VisitAsync(new(fleet.Api, "docs"), signedIn: false);
        var page = visit.Page;
        Assert.StartsWith(fleet.Console.AbsoluteUri, page.Url, StringComparison.Ordinal);
        Assert.Empty(await visit.FindBarriersAsync());

        await page.GetByLabel("E-mail address").FillAsync("admin@fleet.local");
        await page.GetByLabel("Password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");

        await page.GetByLabel("E-mail address").FillAsync("admin@fleet.local");
        await page.GetByLabel("Password").FillAsync(FleetInBrowser.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByText("/api/access/sign-in").First).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(fleet.Console, "account").AbsoluteUri);
        Assert.Empty(await visit.FindBarriersAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Here", Exact = true }).ClickAsync();
        await page.GotoAsync(fleet.Console.AbsoluteUri);
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Sign in");
    }

    [Fact]
    public async Task Trail_of_the_run_is_clean_and_names_a_row_that_somebody_changed()
    {
        var clean = await fleet.CommandAsync("audit", "verify");
        Assert.True(clean.ExitCode == 0, clean.Output);
        Assert.Contains(": clean", clean.Output, StringComparison.Ordinal);

        var refused = await fleet.CommandAsync("psql", "-c", "UPDATE audit_entries SET caller_name = 'eve' WHERE sequence = 3");
        Assert.NotEqual(0, refused.ExitCode);
        await fleet.CommandAsync("psql", "-c", """
            ALTER TABLE audit_entries DISABLE TRIGGER ALL;
            UPDATE audit_entries SET caller_name = 'eve' WHERE sequence = 3;
            ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only
            """);

        var changed = await fleet.CommandAsync("audit", "verify");
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("row 3", changed.Output, StringComparison.Ordinal);
        Assert.Contains("1 faults", changed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opened_camera_shows_its_live_picture()
    {
        await using var visit = await fleet.VisitAsync(fleet.Console);

        await visit.Page.Locator(OpenPicture).ClickAsync();

        await visit.Page.WaitForFunctionAsync("() => document.querySelector('img')?.naturalWidth > 0");
        var picture = visit.Page.Locator("img");
        var first = await picture.ScreenshotAsync();
        var moved = false;
        for (var look = 0; look < 20 && !moved; look++)
        {
            var later = await picture.ScreenshotAsync();
            moved = !first.SequenceEqual(later);
        }

        Assert.True(moved, "The picture stands still.");
        Assert.Empty(visit.Faults);
        await visit.Page.Locator("button[aria-label^='Close the live picture']").ClickAsync();
        await Assertions.Expect(picture).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Colors_follow_the_system_and_then_the_visitor()
    {
        await using var visit = await fleet.VisitAsync(fleet.Console, colors: ColorScheme.Dark);
        await Assertions.Expect(visit.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(14, 20, 28)");

        await visit.Page.GetByLabel("Use light colours").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(243, 245, 248)");

        await visit.Page.GetByLabel("Use dark colours").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(14, 20, 28)");
        Assert.Empty(visit.Faults);
    }

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(768, 1024, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    public async Task Everybody_can_use_the_console_and_no_window_is_too_narrow_for_it(int width, int height, ColorScheme colors)
    {
        await using var visit = await fleet.VisitAsync(fleet.Console, width, height, colors);
        await visit.Page.Locator(OpenPicture).ClickAsync();
        await visit.Page.WaitForFunctionAsync("() => document.querySelector('img')?.naturalWidth > 0");

        Assert.Empty(await visit.FindBarriersAsync());
        Assert.Equal(width, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Wrong_address_is_answered_by_the_console_and_leads_back()
    {
        await using var visit = await fleet.VisitAsync(new(fleet.Console, "no-such-page"));

        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("There is no such page");
        await visit.Page.Locator("main a").ClickAsync();

        await Assertions.Expect(visit.Page.GetByTestId("health")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Api_reference_comes_whole_from_the_silo()
    {
        await using var visit = await fleet.VisitAsync(new(fleet.Api, "docs"));

        await Assertions.Expect(visit.Page.GetByText("/api/access/sign-in").First).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Orleans_dashboard_shows_the_grains_of_the_fleet()
    {
        await using var visit = await fleet.VisitAsync(new(fleet.Api, "orleans/#/grains"));

        foreach (var grain in (string[])["CameraStreamGrain", "MetricsWindowGrain", "DeploymentGrain"])
        {
            await Assertions.Expect(visit.Page.GetByText(grain).First).ToBeVisibleAsync();
        }

        // Orleans' own script may stumble over a page that is opened before its first figures have come.
        Assert.Empty(visit.RequestFaults);
    }

    private static ILocator Figure(ILocator camera, string name) =>
        camera.Locator("dl > div", new() { HasText = name }).Locator("dd");
}
