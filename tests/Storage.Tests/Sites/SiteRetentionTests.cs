using Microsoft.Extensions.Options;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Metrics;
using OrleansAiFleet.Storage.Rollouts;
using OrleansAiFleet.Storage.Sites;
using OrleansAiFleet.Storage.Tests.Detections;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Sites;

/// <summary>Data of sites that keep them for different times.</summary>
public sealed class SiteRetentionTests : IAsyncLifetime
{
    private static readonly DateOnly Today = new(2026, 3, 4);

    private readonly FleetDatabase _database = new();
    private SiteRetention _retention = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _retention = new(
            _database.Database,
            _database.Get<AuditTrail>(),
            Options.Create(new DetectionRetentionOptions { RetentionDays = 30 }),
            Options.Create(new MetricsRetentionOptions { RetentionDays = 60 }));
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Detections_of_a_site_that_keeps_them_shorter_are_deleted_and_the_others_stay()
    {
        var brief = await CameraAsync(Rows.Site() with { DetectionsRetentionDays = 2 });
        var usual = await CameraAsync(Rows.Site());
        foreach (var camera in new[] { brief, usual })
        {
            await StoreAsync(camera, 0, 1, 2, 3, 4, 29);
        }

        Assert.Equal(3, await _retention.ApplyAsync(Today, CancellationToken.None));
        Assert.Equal(0, await _retention.ApplyAsync(Today, CancellationToken.None));

        Assert.Equal(3, await CountAsync(brief));
        Assert.Equal(6, await CountAsync(usual));
        Assert.Equal(3, await RecordedAsync(brief.SiteId, "detections"));
        Assert.Equal(0, await RecordedAsync(usual.SiteId, "detections"));
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData(5, 5)]
    [InlineData(100, 100)]
    public async Task Windows_and_their_reports_go_after_the_sites_days_or_the_fleets(int? days, int kept)
    {
        var site = await _database.StoreAsync(Rows.Site() with { MetricsRetentionDays = days });
        var deployment = await _database.StoreAsync(Rows.Deployment(await _database.StoreAsync(Rows.Model()), site));
        foreach (var age in new[] { kept, kept + 1 })
        {
            var at = Batches.Noon.AddDays(-age).UtcDateTime;
            await _database.ExecuteAsync(
                "INSERT INTO model_performance_metrics (id, deployment_id, metric_timestamp) VALUES ($1, $2, $3)", Guid.NewGuid(), deployment.Id, at);
            await _database.ExecuteAsync(
                "INSERT INTO metric_window_reports (deployment_id, window_start, reporter, sequence, totals) VALUES ($1, $2, $3, 1, '{}')",
                deployment.Id, at, Guid.NewGuid());
        }

        var rollout = await _database.StoreAsync(
            new Rollout { Id = Guid.NewGuid(), SiteId = site.Id, StableDeploymentId = deployment.Id, CandidateModelId = deployment.ModelId });
        await _database.Get<ITrialWriter>().WriteAsync(
            [.. new[] { kept, kept + 1 }.Select(age => new TrialSample
            {
                RolloutId = rollout.Id, DeploymentId = deployment.Id, CameraId = Guid.NewGuid(), Start = Batches.Noon.AddDays(-age),
                Reporter = Guid.NewGuid(), Totals = new(),
            })],
            [],
            CancellationToken.None);

        await _database.Get<IScalingStore>().WriteAsync(
            [],
            [.. new[] { kept, kept + 1 }.Select(age => new ScalingDecision
            {
                Id = Guid.NewGuid(), DeploymentId = deployment.Id, DecidedAt = Batches.Noon.AddDays(-age), Reason = "Because.",
            })],
            CancellationToken.None);

        Assert.Equal(4, await _retention.ApplyAsync(Today, CancellationToken.None));

        Assert.Equal(1, await _database.Database.ScalarAsync<long>("SELECT count(*) FROM scaling_decisions"));
        Assert.Equal(1, await _database.Database.ScalarAsync<long>("SELECT count(*) FROM rollout_samples"));
        Assert.Equal(1, await _database.Database.ScalarAsync<long>("SELECT count(*) FROM model_performance_metrics"));
        Assert.Equal(1, await _database.Database.ScalarAsync<long>("SELECT count(*) FROM metric_window_reports"));
        Assert.Equal(4, await RecordedAsync(site.Id, "metrics"));
    }

    [Fact]
    public async Task What_was_said_of_detections_goes_with_them_also_where_they_went_with_their_partition()
    {
        var camera = await CameraAsync(Rows.Site() with { DetectionsRetentionDays = 2 });
        foreach (var age in new[] { 1, 5, 9 })
        {
            var detection = Seen(camera, Batches.Noon.AddDays(-age));
            await new FrameBatchSql(_database.Database, TimeSpan.FromSeconds(10)).StoreAsync([new([detection], [])], CancellationToken.None);
            await _database.Get<DetectionMarks>().SetAsync(
                camera.Id, detection.Id, detection.FrameTime, DetectionVerdict.FalsePositive, null, null, CancellationToken.None);
        }

        await _database.ExecuteAsync("DELETE FROM detections WHERE camera_id = $1 AND frame_time < $2", camera.Id, Batches.Noon.AddDays(-4).UtcDateTime);

        Assert.Equal(0, await _retention.ApplyAsync(Today, CancellationToken.None));
        Assert.Equal(1, await _database.Database.ScalarAsync<long>("SELECT count(*) FROM detection_marks WHERE camera_id = $1", camera.Id));
        Assert.Equal(0, await RecordedAsync(camera.SiteId, "detections"));
    }

    [Fact]
    public async Task Several_silos_at_once_delete_each_row_once()
    {
        var camera = await CameraAsync(Rows.Site() with { DetectionsRetentionDays = 1 });
        await StoreAsync(camera, 5, 6, 7, 8);

        var deleted = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _retention.ApplyAsync(Today, CancellationToken.None)));

        Assert.Equal(4, deleted.Sum());
        Assert.Equal(4, await RecordedAsync(camera.SiteId, "detections"));
    }

    [Fact]
    public async Task Partition_stays_while_any_site_keeps_its_day()
    {
        await _database.StoreAsync(Rows.Site() with { DetectionsRetentionDays = 40 });
        await _database.StoreAsync(Rows.Site() with { DetectionsRetentionDays = 3 });
        var partitions = new DetectionPartitions(_database.Database);
        var options = new DetectionRetentionOptions { RetentionDays = 30, DaysAhead = 1 };
        await partitions.MaintainAsync(Today, options, CancellationToken.None);

        Assert.Empty((await partitions.MaintainAsync(Today.AddDays(40), options, CancellationToken.None))!.Dropped);
        Assert.Equal(["detections_20260304"], (await partitions.MaintainAsync(Today.AddDays(41), options, CancellationToken.None))!.Dropped);
    }

    private async Task<Camera> CameraAsync(Site site) => await _database.StoreAsync(Rows.Camera(await _database.StoreAsync(site)));

    private Task<long> StoreAsync(Camera camera, params int[] ages) =>
        new FrameBatchSql(_database.Database, TimeSpan.FromSeconds(10)).StoreAsync(
            [new([.. ages.Select(age => Seen(camera, Batches.Noon.AddDays(-age)))], [])], CancellationToken.None);

    private static Detection Seen(Camera camera, DateTimeOffset at) => Batches.Detection(at) with { CameraId = camera.Id, SiteId = camera.SiteId };

    private Task<long> CountAsync(Camera camera) =>
        _database.Database.ScalarAsync<long>("SELECT count(*) FROM detections WHERE camera_id = $1", camera.Id);

    private Task<long> RecordedAsync(Guid site, string kind) => _database.Database.ScalarAsync<long>(
        "SELECT COALESCE(SUM((before->>'rows')::BIGINT), 0)::BIGINT FROM audit_entries WHERE action = 'retention.delete' AND site_id = $1 AND before->>'kind' = $2",
        site, kind);
}
