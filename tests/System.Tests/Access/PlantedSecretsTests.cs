using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using Npgsql;

using OrleansAiFleet.System.Tests.Fleet;

using Xunit.Abstractions;

namespace OrleansAiFleet.System.Tests.Access;

/// <summary>Secrets are planted everywhere a fleet takes one, and looked for in all that it tells.</summary>
[Collection(WholeFleet.Name)]
public sealed class PlantedSecretsTests(ITestOutputHelper output)
{
    private const string CameraName = "Camera behind a password";

    private readonly PlantedSecrets _planted = new();
    private readonly StringBuilder _commands = new();

    [Fact]
    public async Task No_secret_is_logged_traced_answered_listed_or_stored_as_it_is()
    {
        await using var traces = new OtlpReceiver();
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, Settings(traces), "--no-samples");
        _planted.Plant("key of the command line", (string)fleet.Api.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
        var answers = new StringBuilder();
        await using var destinations = new PlantedDestinations(_planted);
        var model = await PlantCamerasAsync(fleet, answers);
        await destinations.PlantAsync(fleet, model, answers);
        Assert.True(destinations.IsTokenUsed);
        await PlantPeopleAsync(fleet, answers);
        await PlantKeysAsync(fleet, answers);
        await PlantByMistakeAsync(fleet, answers);
        await ReadAllAsync(fleet, answers);
        var (_, status) = await fleet.CommandAsync("status", "--json");
        var dump = await DumpAsync(fleet);
        Assert.Equal(0, await fleet.StopAsync());

        foreach (var (where, text, mark) in new[]
        {
            ("logs", fleet.ReadLogs(), CameraName),
            ("traces and metrics", traces.Received, "api/admin/cameras"),
            ("API answers", answers.ToString(), CameraName),
            ("command lines", _commands.ToString(), "ffmpeg"),
            ("status --json", status, "process_id"),
            ("what the command printed", fleet.Output, "REST API"),
            ("database", dump, CameraName),
        })
        {
            output.WriteLine($"{where}: {_planted.Count} secrets in {text.Length} characters");
            Assert.True(text.Contains(mark, StringComparison.Ordinal), $"{where} are not what was to be searched: no '{mark}' in them.");
            Assert.True(!_planted.FindIn(text).Any(), $"{where}: {string.Join(", ", _planted.FindIn(text))}");
        }
    }

    private Dictionary<string, string> Settings(OtlpReceiver traces) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = traces.Address.AbsoluteUri,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
        ["Fleet__Telemetry__TraceRatio"] = "1",
        ["Fleet__Models__RequiredApprovals"] = "1",
        ["Fleet__Destinations__Networks__0"] = "127.0.0.0/8",
        ["Fleet__Cluster__Tls"] = "true",
        ["Fleet__MasterKey__Value"] = _planted.Plant("master key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ["Fleet__Audit__Key"] = _planted.Plant("key of the audit trail", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ["Fleet__OpenIdConnect__Authority"] = "http://127.0.0.1:1",
        ["Fleet__OpenIdConnect__ClientId"] = "console",
        ["Fleet__OpenIdConnect__ClientSecret"] = _planted.Plant("client secret", "pl4nted-client-secret"),
        ["Fleet__OpenIdConnect__Groups__0__Group"] = "builders",
        ["Fleet__OpenIdConnect__Groups__0__Role"] = "viewer",
    };

    private async Task<Guid> PlantCamerasAsync(FleetUnderTest fleet, StringBuilder answers)
    {
        var credentials = $"{_planted.Plant("camera user", "pl4nted-user")}:{_planted.Plant("camera password", "pl4nted p@ssword/1")}";
        var token = _planted.Plant("token in an address", "pl4nted+token/2");
        await using var clip = new GuardedClip(Path.Combine(SampleSite.Folder, "construction-site.mp4"), credentials, $"token={Uri.EscapeDataString(token)}");
        var site = await SampleSite.PostAsync(fleet, "api/admin/sites", SampleSite.Json(
            new { name = "Harbour", time_zone = "Europe/Berlin", allowed_networks = new[] { "127.0.0.0/8" } }));
        var user = string.Join(':', credentials.Split(':').Select(Uri.EscapeDataString));
        string[] urls =
        [
            $"http://{user}@{clip.Authority}/clip.mp4?token={Uri.EscapeDataString(token)}",
            $"http://{user}@{clip.Authority}/clip.mp4?token=pl4nted-wrong-token",
            $"rtsp://gate:{_planted.Plant("password of a camera that is away", "pl4nted-rtsp-password")}@127.0.0.1:1/live",
            $"rtmp://127.0.0.1:1/live/{"stream"}?pwd={_planted.Plant("password in an address", "pl4nted-rtmp-password")}",
            $"http://elsewhere:{_planted.Plant("password of a refused camera", "pl4nted-refused-password")}@169.254.169.254/latest",
        ];
        _planted.Plant("wrong token in an address", "pl4nted-wrong-token");
        var cameras = new List<Guid>();
        for (var i = 0; i < urls.Length; i++)
        {
            cameras.Add(await SampleSite.PostAsync(fleet, "api/admin/cameras", SampleSite.Json(
                new { site_id = site, name = $"{CameraName} {i}", source_url = urls[i], sampling_fps = 5 })));
        }

        var model = await SampleSite.PostAsync(fleet, "api/admin/ai-models", SampleSite.ModelForm("site-safety.onnx"));
        await SampleSite.PostAsync(fleet, "api/admin/deployments", SampleSite.Json(
            new { model_id = model, site_id = site, deployment_name = "Planted", deployment_type = "testing", input_sources = cameras }));
        await fleet.WaitUntilAsync("the camera behind a password runs and the others complain", TimeSpan.FromMinutes(1), async () =>
        {
            _commands.AppendJoin('\n', fleet.LivingProcesses().Select(CommandLine));
            return await fleet.ReadHealthAsync() is { Cameras.Length: 5 } health
                && health.Cameras.Single(camera => camera.CameraId == cameras[0]).FramesDecoded > 0
                && health.Cameras.All(camera => camera.CameraId == cameras[0] || camera.Problem is not null);
        });
        Assert.True(clip.IsServed);
        foreach (var camera in cameras)
        {
            await ReadAsync(fleet.Api, answers, $"api/admin/cameras/{camera}");
            await ReadAsync(fleet.Api, answers, $"api/zm/cameras/{camera}/ai-detections?limit=5");
        }

        return model;
    }

    private async Task PlantPeopleAsync(FleetUnderTest fleet, StringBuilder answers)
    {
        using var created = await fleet.Api.PostAsync("api/admin/people", SampleSite.Json(new { name = "ann@example.org", grants = new[] { new { role = "viewer" } } }));
        var ann = (string)(await created.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        var reset = await SecretAsync(fleet.Api, $"api/admin/people/{ann}/reset-password", new { }, "reset_token");
        await FailAsync(fleet.Api, answers, "api/access/reset-password", new
        {
            email = "ann@example.org", reset_token = reset, new_password = _planted.Plant("refused password", "pl4nted-pw"),
        });
        var password = _planted.Plant("password", "nine pl4nted umbrellas");
        using var set = await fleet.Api.PostAsync("api/access/reset-password", SampleSite.Json(new { email = "ann@example.org", reset_token = reset, new_password = password }));
        Assert.True(set.IsSuccessStatusCode);
        await FailAsync(fleet.Api, answers, "api/access/sign-in", new { email = "ann@example.org", password = _planted.Plant("wrong password", "pl4nted wrong umbrellas") });

        using var hers = new HttpClient { BaseAddress = fleet.Api.BaseAddress };
        using var signedIn = await hers.PostAsync("api/access/sign-in", SampleSite.Json(new { email = "ann@example.org", password }));
        var tokens = (await signedIn.Content.ReadFromJsonAsync<JsonObject>())!;
        _planted.Plant("refresh token", (string)tokens["refresh_token"]!);
        hers.DefaultRequestHeaders.Authorization = new("Bearer", _planted.Plant("access token", (string)tokens["access_token"]!));
        await SecretAsync(hers, "api/access/two-factor", new { }, "shared_key");
        await FailAsync(hers, answers, "api/access/two-factor/enable", new { code = "000000" });
        await ReadAsync(hers, answers, "api/access/me");
        await ReadAsync(hers, answers, "api/admin/people");
    }

    private async Task PlantKeysAsync(FleetUnderTest fleet, StringBuilder answers)
    {
        using var made = await fleet.Api.PostAsync("api/admin/api-keys", SampleSite.Json(new { name = "planted", signing = true }));
        var key = (await made.Content.ReadFromJsonAsync<JsonObject>())!;
        _planted.Plant("signing secret", (string)key["signing_secret"]!);
        using var program = new HttpClient { BaseAddress = fleet.Api.BaseAddress };
        program.DefaultRequestHeaders.Add("X-Api-Key", _planted.Plant("API key", (string)key["secret"]!));
        await ReadAsync(program, answers, "api/admin/api-keys");
        using var stranger = new HttpClient { BaseAddress = fleet.Api.BaseAddress };
        stranger.DefaultRequestHeaders.Add("X-Api-Key", _planted.Plant("made-up key", "fleet_pl4ntedpl4ntedpl4ntedpl4ntedpl4ntedpl4nted"));
        await ReadAsync(stranger, answers, "api/admin/people");
        using var forger = new HttpClient { BaseAddress = fleet.Api.BaseAddress };
        forger.DefaultRequestHeaders.Authorization = new("Bearer", _planted.Plant("made-up token", "pl4nted.bearer.token"));
        await ReadAsync(forger, answers, "api/admin/people");
    }

    // People put secrets where none belongs.
    private async Task PlantByMistakeAsync(FleetUnderTest fleet, StringBuilder answers)
    {
        await ReadAsync(fleet.Api, answers, $"api/admin/people?api_key={_planted.Plant("key in a query", "pl4nted-query-key")}");
        await FailAsync(fleet.Api, answers, "api/admin/cameras", new
        {
            site_id = Guid.NewGuid(),
            name = "x",
            source_url = $"rtsp://gate:{_planted.Plant("password in a faulty address", "pl4nted-faulty-password")}@a b/",
        });
        using var broken = new StringContent(
            $$"""{"email":"ann@example.org","password":"{{_planted.Plant("password in broken JSON", "pl4nted-broken-password")}}" oops""", Encoding.UTF8, "application/json");
        await FailAsync(fleet.Api, answers, "api/access/sign-in", broken);
        using var wrongType = new StringContent(
            $$$"""{"email":"ann@example.org","password":{"{{{_planted.Plant("password as a name", "pl4nted-name-password")}}}":1}}""", Encoding.UTF8, "application/json");
        await FailAsync(fleet.Api, answers, "api/access/sign-in", wrongType);
        using var console = new HttpClient { BaseAddress = fleet.Console };
        await ReadAsync(console, answers, "sign-in/provider");
    }

    private static async Task ReadAllAsync(FleetUnderTest fleet, StringBuilder answers)
    {
        foreach (var path in new[]
        {
            "sites", "cameras", "deployments", "ai-models", "ai-models/system-health", "people", "api-keys", "audit?limit=200", "audit/export", "audit/verification",
        })
        {
            await ReadAsync(fleet.Api, answers, $"api/admin/{path}");
        }

        foreach (var path in new[] { "metrics", "health/ready", "openapi/v1.json", "orleans/DashboardCounters", "orleans/ClusterStats", "api/access/me" })
        {
            await ReadAsync(fleet.Api, answers, path);
        }
    }

    private static async Task ReadAsync(HttpClient http, StringBuilder answers, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        answers.AppendLine($"{(int)answer.StatusCode} {answer.Headers} {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task FailAsync(HttpClient http, StringBuilder answers, string path, object body)
    {
        using var content = body is HttpContent given ? null : SampleSite.Json(body);
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content ?? (HttpContent)body);
        Assert.InRange(answer.StatusCode, HttpStatusCode.BadRequest, (HttpStatusCode)499);
        answers.AppendLine($"{(int)answer.StatusCode} {answer.Headers} {await answer.Content.ReadAsStringAsync()}");
    }

    // An answer that is meant to show a secret once.
    private async Task<string> SecretAsync(HttpClient http, string path, object body, string field)
    {
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), SampleSite.Json(body));
        return _planted.Plant(field, (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())![field]!);
    }

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static async Task<string> DumpAsync(FleetUnderTest fleet)
    {
        var connection = new NpgsqlConnectionStringBuilder(fleet.Postgres.ConnectionStringOf("fleet"));
        var start = new ProcessStartInfo(
            "pg_dump", ["-h", connection.Host!, "-p", $"{connection.Port}", "-U", connection.Username!, "-d", connection.Database!])
        {
            RedirectStandardOutput = true,
        };
        using var dump = Process.Start(start)!;
        var text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        Assert.Equal(0, dump.ExitCode);
        return text;
    }
}
