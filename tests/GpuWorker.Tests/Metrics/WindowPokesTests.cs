using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.GpuWorker.Tests.Metrics;

public sealed class WindowPokesTests : IAsyncLifetime
{
    private readonly WindowCalls _calls = new();
    private InProcessTestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.Services.AddSingleton(_calls));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task Window_hears_of_its_latest_stored_report_once_per_interval()
    {
        var time = new FakeTimeProvider(LedgerBench.Noon);
        using var pokes = new WindowPokes(
            _cluster.Client, Options.Create(new FrameLedgerOptions()), time, NullLogger<WindowPokes>.Instance);
        var (deployment, reporter) = (Guid.NewGuid(), Guid.NewGuid());
        await pokes.StartAsync(CancellationToken.None);

        pokes.Note(new([], [Report(deployment, reporter, 1), Report(Guid.Empty, reporter, 5)]));
        pokes.Note(new([], [Report(deployment, reporter, 3)]));
        pokes.Note(new([], [Report(deployment, reporter, 2)]));
        await Poll.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(2));
                return _calls.Reports.Count == 2;
            },
            () => $"{_calls.Reports.Count} calls");
        await pokes.StopAsync(CancellationToken.None);

        Assert.Equal(3, Assert.Single(_calls.Reports, report => report.Window.DeploymentId == deployment).Sequence);
    }

    [Fact]
    public async Task Window_that_fails_keeps_nobody_else_from_hearing()
    {
        var time = new FakeTimeProvider(LedgerBench.Noon);
        using var pokes = new WindowPokes(
            _cluster.Client, Options.Create(new FrameLedgerOptions()), time, NullLogger<WindowPokes>.Instance);
        await pokes.StartAsync(CancellationToken.None);

        pokes.Note(new([], [Report(WindowCalls.Failing, Guid.NewGuid(), 1), Report(Guid.NewGuid(), Guid.NewGuid(), 1)]));
        await Poll.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(2));
                return _calls.Reports.Count == 1;
            },
            () => $"{_calls.Reports.Count} calls");
        pokes.Note(new([], [Report(Guid.NewGuid(), Guid.NewGuid(), 1)]));
        await Poll.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(2));
                return _calls.Reports.Count == 2;
            },
            () => $"{_calls.Reports.Count} calls");
        await pokes.StopAsync(CancellationToken.None);
    }

    private static WindowReport Report(Guid deployment, Guid reporter, long sequence) => new()
    {
        Window = WindowKey.For(deployment, LedgerBench.Noon),
        Reporter = reporter,
        Sequence = sequence,
        Totals = new(),
    };
}

/// <summary>What windows were told.</summary>
internal sealed class WindowCalls
{
    public static Guid Failing { get; } = Guid.NewGuid();

    public ConcurrentQueue<WindowReport> Reports { get; } = new();
}

/// <summary>A window that only listens.</summary>
[GrainType("listening-window")]
internal sealed class ListeningWindowGrain(WindowCalls calls) : Grain, IMetricsWindowGrain
{
    public Task Report(WindowReport report)
    {
        if (report.Window.DeploymentId == WindowCalls.Failing)
        {
            throw new InvalidOperationException("This window fails.");
        }

        calls.Reports.Enqueue(report);
        return Task.CompletedTask;
    }

    public Task Settle() => Task.CompletedTask;

    public Task<PerformanceMetrics?> Get() => Task.FromResult<PerformanceMetrics?>(null);
}
