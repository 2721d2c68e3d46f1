using System.Net;
using System.Text.Json;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Silo.Deployments.Destinations;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

/// <summary>From the row to the receiver, on a control silo as it runs with a database of its own.</summary>
public sealed class DestinationsApiTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef";

    private readonly string _root = Directory.CreateTempSubdirectory("destinations-").FullName;
    private readonly Guid _camera = Guid.NewGuid();
    private DeliveringSilo _silo = null!;
    private WebhookReceiver _receiver = null!;

    private HttpClient Http => _silo.Http;

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _silo = await DeliveringSilo.StartAsync(_root);
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _receiver.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Secret_is_in_no_answer_and_a_row_that_is_sent_back_keeps_it()
    {
        var id = await _silo.DeployAsync(Webhook());

        var shown = await (await Http.GetAsync(new Uri($"/api/admin/deployments/{id}", UriKind.Relative))).Content.ReadAsStringAsync();
        using var row = JsonDocument.Parse(shown);
        var destinations = row.RootElement.GetProperty("output_destinations");
        var answer = await Http.Put($"/api/admin/deployments/{id}/destinations", new { output_destinations = destinations });

        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(IDestinationSecrets.Mark, shown, StringComparison.Ordinal);
        Assert.True(destinations[0].GetProperty("secret_set").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(IDestinationSecrets.Mark, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var test = await (await Http.Post($"/api/admin/deployments/{id}/destinations/hook/test", new { })).Read<DestinationTest>();
        Assert.True(test.Delivered, test.Detail);
        Assert.Contains("\"test\":true", Assert.Single(_receiver.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destination_that_cannot_be_taken_is_a_problem_with_its_path()
    {
        var answer = await Http.Post("/api/admin/deployments", await _silo.RowAsync("production", Webhook() with { Url = "http://10.0.0.1" }));

        await answer.ReadProblem(HttpStatusCode.BadRequest, "output_destinations[0].url");
        await (await Http.Post($"/api/admin/deployments/{Guid.NewGuid()}/destinations/hook/test", new { })).ReadProblem(HttpStatusCode.NotFound, null);
    }

    [Fact]
    public async Task Detections_arrive_in_the_order_of_their_camera_though_the_receiver_fails_and_is_slow()
    {
        var tries = 0;
        _receiver.Answer = async context =>
        {
            switch (Interlocked.Increment(ref tries))
            {
                case 1:
                    context.Response.StatusCode = 503;
                    break;
                case 2:
                    context.Abort();
                    break;
                case 3:
                    await Task.Delay(TimeSpan.FromSeconds(3), context.RequestAborted);
                    break;
                case 5:
                    context.Response.StatusCode = 404;
                    break;
            }
        };
        var id = await _silo.DeployAsync(Webhook() with { BatchSize = 3, MaxDelaySeconds = 0 });

        var seen = await SeeAsync(id, 10, "hook");
        await _silo.UntilAsync(id, "hook", state => state.Delivered == 10);

        var state = await _silo.StateAsync(id, "hook");
        Assert.Equal((0, 0, 0, CircuitState.Closed), (state.Waiting, state.Dead, state.Failures, state.Circuit));
        var arrived = _receiver.Requests.SelectMany(DetectionsOf).ToArray();
        Assert.Equal(seen, arrived.Distinct());
        Assert.Single(_receiver.Requests.Take(4).Select(request => (string?)request.Headers["X-Fleet-Delivery"]).Distinct());
    }

    [Fact]
    public async Task What_the_receiver_refuses_becomes_a_dead_letter_that_can_be_sent_again()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        var id = await _silo.DeployAsync(Webhook() with { MaxDelaySeconds = 0 });

        await SeeAsync(id, 2, "hook");
        await _silo.UntilAsync(id, "hook", state => state.DeadLetters == 2);

        // One message, tried three times, or one for each frame where the dispatcher was faster.
        Assert.InRange(_receiver.Requests.Count, 3, 6);
        var letters = await (await Http.Get($"/api/admin/deployments/{id}/destinations/hook/dead-letters?limit=1")).Read<Page<DeadLetter>>();
        Assert.Equal("The receiver answered 410.", Assert.Single(letters.Items).Reason);
        var rest = await (await Http.Get($"/api/admin/deployments/{id}/destinations/hook/dead-letters?cursor={letters.NextCursor}")).Read<Page<DeadLetter>>();
        _receiver.Answer = _ => Task.CompletedTask;
        var address = $"/api/admin/deployments/{id}/destinations/hook/dead-letters";
        var retry = await Http.PostAsync(new Uri($"{address}/{letters.Items[0].Id}/retry", UriKind.Relative), null);
        var delete = await Http.DeleteAsync(new Uri($"{address}/{rest.Items[0].Id}", UriKind.Relative));
        var again = await Http.DeleteAsync(new Uri($"{address}/{rest.Items[0].Id}", UriKind.Relative));
        await _silo.UntilAsync(id, "hook", state => state.Delivered == 1);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (retry.StatusCode, delete.StatusCode, again.StatusCode));
        var state = await _silo.StateAsync(id, "hook");
        Assert.Equal((0, 0, 1), (state.DeadLetters, state.Waiting, state.Discarded));
    }

    [Fact]
    public async Task One_dead_destination_stops_no_other_and_a_removed_one_gives_its_frames_up()
    {
        await using var dead = await WebhookReceiver.StartAsync();
        dead.Answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        };
        var file = new FileDestination { Name = "disk", Directory = "north", MaxDelaySeconds = 0 };
        var id = await _silo.DeployAsync(Webhook() with { Name = "dead", Url = dead.Url, MaxDelaySeconds = 0 }, file);

        var seen = await SeeAsync(id, 5, "dead", "disk");
        await _silo.UntilAsync(id, "disk", state => state.Delivered == 5);
        await _silo.UntilAsync(id, "dead", state => state.Failures > 0);

        var lines = Directory.GetFiles(Path.Combine(_root, "north")).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines);
        Assert.Equal(seen, lines.SelectMany(line => DetectionsOf(JsonDocument.Parse(line).RootElement)));
        var state = await _silo.StateAsync(id, "dead");
        Assert.Equal((5, 0, "The receiver answered 503."), (state.Waiting, state.Dead, state.Error));
        await Http.Put($"/api/admin/deployments/{id}/destinations", new { output_destinations = new object[] { new { kind = "file", name = "disk", directory = "north" } } });
        await _silo.UntilAsync(id, "dead", removed => removed is { IsRemoved: true, Waiting: 0, DeadLetters: 5 });
    }

    [Fact]
    public async Task Nothing_of_a_trial_leaves_whatever_was_put_into_its_queue()
    {
        var id = await _silo.DeployAsync("testing", Webhook() with { MaxDelaySeconds = 0 });

        await SeeAsync(id, 2, "hook");
        await _silo.UntilAsync(id, "hook", state => state.DeadLetters == 2);

        Assert.Empty(_receiver.Requests);
    }

    private static IEnumerable<Guid> DetectionsOf(Received request) =>
        JsonDocument.Parse(request.Body).RootElement.GetProperty("frames").EnumerateArray().SelectMany(DetectionsOf);

    private static IEnumerable<Guid> DetectionsOf(JsonElement frame) =>
        frame.GetProperty("detections").EnumerateArray().Select(detection => detection.GetProperty("id").GetGuid());

    private WebhookDestination Webhook() => new() { Name = "hook", Url = _receiver.Url, Secret = Secret };

    // As a worker stores what a camera sees, a second after the other.
    private async Task<Guid[]> SeeAsync(Guid deployment, int frames, params string[] destinations)
    {
        Detection[] seen = [.. Enumerable.Range(0, frames).Select(second => Deliveries.Detection(_camera, second) with { DeploymentId = deployment })];
        await _silo.SeeAsync(seen, destinations);
        return [.. seen.Select(detection => detection.Id)];
    }
}
