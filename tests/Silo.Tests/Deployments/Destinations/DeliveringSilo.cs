using Npgsql;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Deployments.Destinations;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

/// <summary>A control silo as it runs, with a database of its own, that sends without much waiting.</summary>
internal sealed class DeliveringSilo : IAsyncDisposable
{
    private readonly ControlSilo _silo;

    private DeliveringSilo(ControlSilo silo) => _silo = silo;

    public HttpClient Http => _silo.Administrator;

    public static async Task<DeliveringSilo> StartAsync(string? fileRoot = null)
    {
        var silo = new DeliveringSilo(new()
        {
            Settings = new Dictionary<string, string?>
            {
                ["Fleet:Destinations:Networks:0"] = "127.0.0.0/8",
                ["Fleet:Destinations:FileRoot"] = fileRoot,
                ["Fleet:Destinations:PollInterval"] = "00:00:00.050",
                ["Fleet:Destinations:ShortestBackoff"] = "00:00:00.010",
                ["Fleet:Destinations:LongestBackoff"] = "00:00:00.200",
                ["Fleet:Destinations:CircuitOpen"] = "00:00:00.010",
                ["Fleet:Destinations:TryTimeout"] = "00:00:01",
                ["Fleet:Destinations:Lease"] = "00:00:02",
                ["Fleet:Destinations:SweepInterval"] = "00:00:00.200",
            },
        });
        await silo._silo.InitializeAsync();
        await silo.ApproveAsync();
        return silo;
    }

    public async ValueTask DisposeAsync() => await _silo.DisposeAsync();

    /// <summary>A deployment as the API takes it, at a new site.</summary>
    public async Task<object> RowAsync(string type, params OutputDestination[] destinations) => new
    {
        site_id = await _silo.CreateSiteAsync("North"),
        model_id = _silo.Model,
        deployment_name = "Helmets",
        deployment_type = type,
        output_destinations = DestinationJson.Write(destinations),
    };

    public Task<Guid> DeployAsync(params OutputDestination[] destinations) => DeployAsync("production", destinations);

    public async Task<Guid> DeployAsync(string type, params OutputDestination[] destinations) =>
        await _silo.CreateAsync("/api/admin/deployments", await RowAsync(type, destinations));

    /// <summary>As a worker stores what a camera sees.</summary>
    public async Task SeeAsync(IReadOnlyList<Detection> seen, params string[] destinations) =>
        await new FrameBatchSql(_silo.Get<NpgsqlDataSource>(), TimeSpan.FromSeconds(10)).StoreAsync(
            [new(seen, []) { Outgoing = [.. destinations.SelectMany(name => seen.Select(one => new OutgoingDetection(one.Id, name)))] }],
            CancellationToken.None);

    public async Task<DestinationState> StateAsync(Guid deployment, string name) =>
        (await (await Http.Get($"/api/admin/deployments/{deployment}/destinations")).Read<DestinationState[]>()).Single(state => state.Name == name);

    public async Task<DestinationState> UntilAsync(Guid deployment, string name, Func<DestinationState, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        DestinationState state;
        while (!isSo(state = await StateAsync(deployment, name)))
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"It is {state}");
            }

            await Task.Delay(50);
        }

        return state;
    }

    // What is deployed in earnest has an approved version.
    private async Task ApproveAsync()
    {
        await using var command = _silo.Get<NpgsqlDataSource>().CreateCommand(
            "UPDATE ai_models SET approval_status = 'approved', status = 'approved' WHERE id = $1");
        command.Parameters.Add(new() { Value = _silo.Model });
        await command.ExecuteNonQueryAsync();
    }
}
