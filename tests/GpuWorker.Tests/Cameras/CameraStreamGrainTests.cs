using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using Orleans.TestingHost;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Storage.Rollouts;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class CameraStreamGrainTests : IAsyncLifetime
{
    private readonly StreamBench _bench = StreamBench.Open();
    private readonly CameraPlan _plan = CameraStreamTests.Live(Clips.Moving(seconds: 2, fps: 25), loop: true);
    private InProcessTestCluster _cluster = null!;

    private ICameraStreamGrain Grain => _cluster.Client.GetGrain<ICameraStreamGrain>(_plan.Camera.Id);

    public async Task InitializeAsync()
    {
        // A busy machine may hold a clip up for longer than a test of stalls would wait.
        _bench.Settings.StallTimeoutSeconds = 20;
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.Services.AddSingleton(_bench.Parts));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _bench.DisposeAsync();
    }

    [Fact]
    public async Task Stream_runs_to_its_plan_until_it_is_stopped()
    {
        Assert.Null(await Grain.GetStatus());

        var started = await Grain.Ensure(_plan);
        await Grain.Ensure(_plan);
        await Eventually.TrueAsync(
            async () => (await Grain.GetStatus())!.FramesInferred > 5, () => _bench.Ledger[_plan.Subscriptions[0].DeploymentId]);
        var status = (await Grain.GetStatus())!;
        var picture = await Grain.GetLiveFrame(0);
        await Grain.Stop("the test is over");

        Assert.Equal((_plan.Camera.Id, _plan.Revision), (started.CameraId, started.PlanRevision));
        Assert.Equal((StreamState.Running, _cluster.Silos[0].SiloAddress.ToParsableString()), (status.State, status.Silo));
        Assert.Equal([0xFF, 0xD8], picture!.Jpeg[..2].Select(value => (int)value));
        Assert.Empty(_bench.Children.Running);
        Assert.Equal(2, _bench.Children.Started.Count);
        Assert.Null(await Grain.GetStatus());
        Assert.Null(await Grain.GetLiveFrame(0));
    }

    [Fact]
    public async Task Plan_without_deployments_stops_the_stream()
    {
        await Grain.Ensure(_plan);
        await Eventually.TrueAsync(async () => (await Grain.GetStatus())!.FramesInferred > 0, () => "no frame");

        var status = await Grain.Ensure(_plan with { Revision = "2", Subscriptions = [] });

        Assert.Equal(StreamState.Stopped, status.State);
        Assert.Empty(_bench.Children.Running);
    }

    [Fact]
    public async Task Silo_that_stops_takes_its_streams_down_with_all_frames_booked()
    {
        await Grain.Ensure(_plan);
        await Eventually.TrueAsync(async () => (await Grain.GetStatus())!.FramesInferred > 5, () => "no frame");

        await _cluster.StopAllSilosAsync();

        var book = _bench.Ledger[_plan.Subscriptions[0].DeploymentId];
        Assert.Equal(book.Decoded, book.Inferred + book.SkippedInAll);
        Assert.Empty(_bench.Children.Running);
    }

    [Fact]
    public void Registration_gives_a_stream_all_its_parts_and_checks_its_options()
    {
        using var services = Services([]);
        Assert.Equal(SourceDefaults, services.GetRequiredService<StreamParts>().Options.Protocols);

        using var wrong = Services(new() { ["Fleet:Cameras:ReconnectMinimumSeconds"] = "50" });
        var problem = Assert.Throws<OptionsValidationException>(() => wrong.GetRequiredService<StreamParts>().Options);
        Assert.Contains("ReconnectMaximumSeconds", problem.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> SourceDefaults => Vision.Cameras.SourceUrlPolicy.DefaultProtocols;

    private static ServiceProvider Services(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .AddLogging()
        .AddSingleton<IModelRepository>(new FakeModels())
        .AddSingleton<IFrameLedger>(new RecordingLedger())
        .AddSingleton<ITrialWriter>(new RecordingTrials())
        .AddCameraStreams()
        .AddSingleton<ICameraSecrets, OpenSecrets>()
        .BuildServiceProvider(validateScopes: true);
}
