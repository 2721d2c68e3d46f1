using Bunit;
using Bunit.TestDoubles;

using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

using MudBlazor.Services;

using OrleansAiFleet.Access;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.WebAdmin.Access;
using OrleansAiFleet.WebAdmin.Fleet;
using OrleansAiFleet.WebAdmin.Pages.Live;

namespace OrleansAiFleet.WebAdmin.Tests.Pages.Live;

public sealed class LivePageTests : BunitContext, IAsyncLifetime
{
    private readonly HandMadeReader _reader = new();
    private readonly HandMadeVisitor _visitor = new();
    private readonly FakeTimeProvider _time = new(Health.Now);

    public LivePageTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices(options => options.PopoverOptions.CheckForPopoverProvider = false);
        Services.AddSingleton<ISystemHealthReader>(_reader);
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddSingleton<IVisitorAccess>(_visitor);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => base.DisposeAsync().AsTask();

    [Fact]
    public void Page_says_that_it_loads_until_the_first_answer()
    {
        var page = Render<LivePage>();

        Assert.Equal("status", page.Find("[data-testid=loading]").GetAttribute("role"));
    }

    [Fact]
    public void Cluster_that_cannot_be_reached_is_said_with_what_to_do()
    {
        _reader.GoAway();

        var page = Render<LivePage>();

        page.WaitForAssertion(() => Assert.Contains("/health/ready", page.Find("[data-testid=unreachable]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[data-testid=loading]"));
    }

    [Fact]
    public void Fleet_without_cameras_says_how_to_add_one()
    {
        _reader.Say(Health.With());

        var page = Render<LivePage>();

        page.WaitForAssertion(() => Assert.Contains("POST /api/admin/cameras", page.Find("[data-testid=no-cameras]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Camera_shows_state_grade_rates_latency_and_why_frames_were_skipped()
    {
        _reader.Say(Health.With(Health.Camera("Gate")));

        var page = Render<LivePage>();

        page.WaitForElement("[data-testid=camera]");
        var card = page.Find("[data-testid=camera]").TextContent;
        foreach (var shown in (string[])
            ["Gate", "Harbour north", "Running", "Excellent", "25.0 fps", "5.0 fps", "1,234", "31 ms", "85 ms", "5 s ago",
                "12,345 sampling, 7 newer frame took its place"])
        {
            Assert.Contains(shown, card, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("failed", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Camera_in_trouble_comes_first_and_says_why()
    {
        _reader.Say(Health.With(Health.Camera("Alpha"), Health.Camera("Zulu", StreamState.Reconnecting)));

        var page = Render<LivePage>();

        page.WaitForElement("[data-testid=camera]");
        var cards = page.FindAll("[data-testid=camera]");
        Assert.Equal(["Zulu", "Alpha"], cards.Select(card => card.GetAttribute("aria-label")));
        Assert.Contains("Reconnecting", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Connection refused.", cards[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_comes_with_its_reasons()
    {
        _reader.Say(Health.With() with { Status = HealthLevel.Degraded, Reasons = ["Worker gpu-2 does not answer."] });

        var page = Render<LivePage>();

        page.WaitForAssertion(() => Assert.Contains("Degraded", page.Find("[data-testid=health]").TextContent, StringComparison.Ordinal));
        Assert.Contains("Worker gpu-2 does not answer.", page.Find("[data-testid=health]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Worker_shows_provider_cpu_memory_models_and_cameras()
    {
        _reader.Say(Health.With(Health.Camera("Gate")));

        var page = Render<LivePage>();

        page.WaitForElement("tbody tr");
        var row = page.Find("tbody tr").Children.Select(cell => cell.TextContent.Trim()).ToArray();
        Assert.Equal(["Worker", "Active", "CPU", "42 %", "1.5 GiB", "1", "1", "none"], row[1..]);
    }

    [Fact]
    public void Picture_is_fetched_only_while_it_is_open()
    {
        var camera = Health.Camera("Gate");
        _reader.Say(Health.With(camera));
        var page = Render<LivePage>();
        page.WaitForElement("[data-testid=camera]");
        Assert.Empty(page.FindAll("img"));

        page.Find("button[aria-label='Show the live picture of Gate']").Click();

        Assert.Equal($"/live/{camera.CameraId}.mjpeg", page.Find("img").GetAttribute("src"));
        Assert.Contains("Gate", page.Find("img").GetAttribute("alt"), StringComparison.Ordinal);
        page.Find("button[aria-label='Close the live picture of Gate']").Click();
        Assert.Empty(page.FindAll("img"));
    }

    [Fact]
    public void Picture_that_does_not_come_is_said_and_asked_for_again()
    {
        var camera = Health.Camera("Gate");
        _reader.Say(Health.With(camera));
        var page = Render<LivePage>();
        page.WaitForElement("[data-testid=camera]");
        page.Find("button[aria-label='Show the live picture of Gate']").Click();

        _ = page.Find("img").TriggerEventAsync("onerror", EventArgs.Empty);

        page.WaitForAssertion(() => Assert.Contains("No picture comes", page.Find(".frame [role=status]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("img"));
        _time.Advance(TimeSpan.FromSeconds(5));
        page.WaitForAssertion(() => Assert.Equal($"/live/{camera.CameraId}.mjpeg?try=1", page.Find("img").GetAttribute("src")));
    }

    [Fact]
    public void Still_picture_of_a_lost_camera_is_not_taken_for_live()
    {
        var camera = Health.Camera("Gate");
        _reader.Say(Health.With(camera));
        var page = Render<LivePage>();
        page.WaitForElement("[data-testid=camera]");
        page.Find("button[aria-label='Show the live picture of Gate']").Click();
        Assert.Empty(page.FindAll(".stale"));

        _reader.Say(Health.With(camera with { State = StreamState.Reconnecting }));
        _time.Advance(TimeSpan.FromSeconds(2));

        page.WaitForAssertion(() => Assert.Contains("Not live", page.Find(".stale").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Fifth_picture_closes_the_first()
    {
        _reader.Say(Health.With([.. Enumerable.Range(1, 5).Select(i => Health.Camera($"Gate {i}"))]));
        var page = Render<LivePage>();
        page.WaitForElement("[data-testid=camera]");

        for (var i = 1; i <= 5; i++)
        {
            page.Find($"button[aria-label='Show the live picture of Gate {i}']").Click();
        }

        Assert.Equal(4, page.FindAll("img").Count);
        Assert.NotNull(page.Find("button[aria-label='Show the live picture of Gate 1']"));
    }

    [Fact]
    public void Page_refreshes_every_two_seconds_and_keeps_what_it_knows_when_the_cluster_goes()
    {
        _reader.Say(Health.With(Health.Camera("Gate")));
        var page = Render<LivePage>();
        page.WaitForElement("[data-testid=camera]");

        _reader.Say(Health.With(Health.Camera("Gate"), Health.Camera("Crane")));
        _time.Advance(TimeSpan.FromSeconds(2));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("[data-testid=camera]").Count));

        _reader.GoAway();
        _time.Advance(TimeSpan.FromSeconds(2));
        page.WaitForElement("[data-testid=unreachable]");
        Assert.Contains("as of 12:00:00 UTC", page.Find("[data-testid=unreachable]").TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll("[data-testid=camera]").Count);
    }

    [Fact]
    public async Task Page_asks_no_more_after_its_visitor_left()
    {
        _reader.Say(Health.With());
        var page = Render<LivePage>();
        page.WaitForElement("[data-testid=no-cameras]");

        await page.Instance.DisposeAsync();
        var reads = _reader.Reads;
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(reads, _reader.Reads);
    }

    [Theory]
    [InlineData("crane", "Crane")]
    [InlineData("reconnecting", "Gate")]
    public void Search_in_the_address_finds_by_name_and_state(string find, string found)
    {
        _reader.Say(Health.With(Health.Camera("Gate", StreamState.Reconnecting), Health.Camera("Crane")));
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/?find={find}");

        var page = Render<LivePage>();

        page.WaitForElement("[data-testid=camera]");
        Assert.Equal(found, page.FindAll("[data-testid=camera]").Single().GetAttribute("aria-label"));
    }

    [Fact]
    public void Long_list_is_cut_until_the_rest_is_wanted()
    {
        _reader.Say(Health.With([.. Enumerable.Range(100, 60).Select(i => Health.Camera($"Gate {i}"))]));
        var page = Render<LivePage>();
        page.WaitForElement("[data-testid=camera]");
        Assert.Equal(48, page.FindAll("[data-testid=camera]").Count);

        page.FindAll("button").Single(button => button.TextContent.Contains("Show 12 more", StringComparison.Ordinal)).Click();

        Assert.Equal(60, page.FindAll("[data-testid=camera]").Count);
    }

    [Fact]
    public void Every_button_of_an_icon_alone_says_what_it_does()
    {
        _reader.Say(Health.With(Health.Camera("Gate"), Health.Camera("Crane", StreamState.Stopped)));
        var page = Render<LivePage>();
        page.WaitForElement("[data-testid=camera]");

        var buttons = page.FindAll("button.mud-icon-button");

        Assert.NotEmpty(buttons);
        Assert.All(buttons, button => Assert.False(string.IsNullOrWhiteSpace(button.GetAttribute("aria-label")), button.OuterHtml));
    }

    [Fact]
    public void Visitor_of_some_sites_sees_no_silo()
    {
        _visitor.Rights = new([new(AccessRole.Viewer, Health.Site)]);
        _reader.Say(Health.With());

        var page = Render<LivePage>();

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[data-testid=health]")));
        Assert.Empty(page.FindAll("#silos-title"));
    }

    [Fact]
    public void Visitor_who_lost_the_right_is_sent_to_the_gate_and_sees_nothing_new()
    {
        _reader.Say(Health.With());
        var page = Render<LivePage>();
        page.WaitForAssertion(() => Assert.Equal(1, _reader.Reads));

        _visitor.Rights = AccessRights.None;
        _time.Advance(TimeSpan.FromSeconds(2));

        var navigation = Services.GetRequiredService<BunitNavigationManager>();
        page.WaitForAssertion(() => Assert.True(navigation.History.First().Options.ForceLoad));
        Assert.Equal(1, _reader.Reads);
    }
}
