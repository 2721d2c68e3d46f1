using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Access;

/// <summary>
/// Destinations with secrets whose receivers take none of what is sent and say so with all that they were told, as ZoneMinder does: its
/// errors repeat the address that was asked, the token with it.
/// </summary>
internal sealed class PlantedDestinations : IAsyncDisposable
{
    private readonly PlantedSecrets _planted;
    private readonly string _token;
    private readonly LoopbackServer _receiver;
    private int _tokens;

    public PlantedDestinations(PlantedSecrets planted)
    {
        _planted = planted;
        _token = planted.Plant("token of ZoneMinder", "eyJ0eXAi.pl4nted-zm-token");
        _receiver = new(AnswerAsync);
    }

    /// <summary>Whether ZoneMinder was asked with the token.</summary>
    public bool IsTokenUsed => Volatile.Read(ref _tokens) > 0;

    /// <summary>Deploys, has each destination tried and fail, and takes down what the fleet says of it.</summary>
    public async Task PlantAsync(FleetUnderTest fleet, Guid model, StringBuilder answers)
    {
        var site = await SampleSite.PostAsync(fleet, "api/admin/sites", SampleSite.Json(new { name = "Quay", time_zone = "UTC" }));
        var camera = await SampleSite.PostAsync(fleet, "api/admin/cameras", SampleSite.Json(
            new { site_id = site, name = "Crane", source_url = Path.Combine(SampleSite.Folder, "construction-site.mp4"), loop = true, sampling_fps = 5 }));
        await SampleSite.ApproveAsync(fleet, model);
        var deployment = await SampleSite.PostAsync(fleet, "api/admin/deployments", SampleSite.Json(new
        {
            model_id = model,
            site_id = site,
            deployment_name = "Quay",
            deployment_type = "production",
            processing_interval_seconds = 0,
            input_sources = new[] { camera },
            output_destinations = Destinations(camera, _planted.Plant("secret of a webhook before", "pl4nted-webhook-secret/1")),
        }));
        var path = $"api/admin/deployments/{deployment}";
        using var changed = await fleet.Api.PutAsync(
            $"{path}/destinations",
            SampleSite.Json(new { output_destinations = Destinations(camera, _planted.Plant("secret of a webhook", "pl4nted-webhook-secret/2")) }));
        Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync());
        answers.AppendLine(await changed.Content.ReadAsStringAsync());
        foreach (var name in new[] { "hook", "broker", "zm", "zm-locked" })
        {
            using var test = await fleet.Api.PostAsync($"{path}/destinations/{name}/test", SampleSite.Json(new { }));
            answers.AppendLine(await test.Content.ReadAsStringAsync());
        }

        JsonArray states = [];
        await fleet.WaitUntilAsync("every destination failed", TimeSpan.FromMinutes(1), async () =>
            (states = (await fleet.Api.GetFromJsonAsync<JsonArray>($"{path}/destinations"))!).All(state => state!["error"] is not null));
        answers.AppendLine(states.ToJsonString());
        foreach (var more in new[] { "", "/destinations/hook/dead-letters", "/destinations/zm/dead-letters" })
        {
            answers.AppendLine(await fleet.Api.GetStringAsync(path + more));
        }
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private object[] Destinations(Guid camera, string secret)
    {
        var monitors = new Dictionary<Guid, int> { [camera] = 1 };
        return
        [
            new { kind = "webhook", name = "hook", url = new Uri(_receiver.Address, "in"), secret },
            new
            {
                kind = "mqtt", name = "broker", broker_url = $"mqtt://{_receiver.Address.Authority}", topic = "t",
                user = "gate", password = _planted.Plant("password of a broker", "pl4nted-broker-password"),
            },
            new
            {
                kind = "zoneminder", name = "zm", url = new Uri(_receiver.Address, "zm"), monitors,
                user = "gate", password = _planted.Plant("password of ZoneMinder", "pl4nted-zm-password"),
            },
            new
            {
                kind = "zoneminder", name = "zm-locked", url = new Uri(_receiver.Address, "zm"), monitors,
                user = "gate", password = _planted.Plant("wrong password of ZoneMinder", "pl4nted-zm-wrong-password"),
            },
        ];
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var said = context.Request.Url!.PathAndQuery + await reader.ReadToEndAsync();
        var isKnown = said.Contains(_token, StringComparison.Ordinal);
        if (isKnown)
        {
            Interlocked.Increment(ref _tokens);
        }

        var (status, body) = said switch
        {
            _ when said.StartsWith("/zm/api/host/login.json", StringComparison.Ordinal) && !said.Contains("wrong", StringComparison.Ordinal) =>
                (200, $$"""{"access_token":"{{_token}}","access_token_expires":7200}"""),
            _ when said.StartsWith("/zm/api/host/getTimeZone.json", StringComparison.Ordinal) && isKnown => (200, """{"tz":"Etc/UTC"}"""),
            _ when said.StartsWith("/zm/", StringComparison.Ordinal) && !isKnown => (401, ErrorOf(said)),
            _ => (500, ErrorOf(said)),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
    }

    private static string ErrorOf(string said) => $$$"""{"success":false,"data":{"url":"{{{said}}}"}}""";
}
