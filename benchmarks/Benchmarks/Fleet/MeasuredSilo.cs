using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Benchmarks.Fleet;

/// <summary>A control silo in the process of a benchmark, and how it is talked to.</summary>
internal static class MeasuredSilo
{
    private const string Email = "somebody@example.org";
    private const string Password = "amber kites over wide water";

    /// <summary>A host on a free port of loopback that says nothing but errors.</summary>
    /// <param name="connectionString">Its database.</param>
    /// <param name="settings">What it needs besides.</param>
    /// <param name="streams">The grain class of cameras' streams; null: none. A worker's own would start a process for every camera.</param>
    public static WebApplicationBuilder CreateBuilder(
        string connectionString, IReadOnlyDictionary<string, string?> settings, Type? streams = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:Fleet"] = connectionString,
            ["Fleet:MasterKey:Value"] = Convert.ToBase64String(new byte[32]),
            ["Fleet:Audit:Key"] = Convert.ToBase64String(new byte[32]),
            ["Logging:LogLevel:Default"] = "Error",
            ["Logging:LogLevel:Orleans"] = "Error",
            ["Logging:LogLevel:OrleansAiFleet"] = "Error",
        });
        builder.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(
            type => type != streams && typeof(ICameraStreamGrain).IsAssignableFrom(type)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    /// <summary>Settings of a silo with an administrator, which limits nobody's rate.</summary>
    /// <param name="folder">Where it may write.</param>
    public static Dictionary<string, string?> Settings(string folder)
    {
        var ports = FreePorts.Find(2);
        return new()
        {
            ["Fleet:Audit:HeadFile"] = Path.Combine(folder, "audit.head"),
            ["Fleet:Cluster:SiloPort"] = $"{ports}",
            ["Fleet:Cluster:GatewayPort"] = $"{ports + 1}",
            ["Fleet:Access:AdministratorEmail"] = Email,
            ["Fleet:Access:AdministratorPassword"] = Password,
            ["Fleet:Access:AddressRequestsPerSecond"] = "1000000",
            ["Fleet:Access:CallerRequestsPerSecond"] = "1000000",
        };
    }

    /// <summary>Sends with an access token of the administrator.</summary>
    public static async Task<HttpClient> SignInAsync(WebApplication silo, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = new(silo.Urls.First()) };
        var tokens = await http.PostAsync("api/access/sign-in", new { email = Email, password = Password }, cancellationToken);
        http.DefaultRequestHeaders.Authorization = new("Bearer", (string)tokens["access_token"]!);
        return http;
    }

    /// <summary>Posts and gives the answer.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public static async Task<JsonObject> PostAsync(this HttpClient http, string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(path, body, FleetJson.Options, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}: {text}");
    }
}
