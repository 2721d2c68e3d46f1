using OrleansAiFleet.Cameras;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Cameras;
using OrleansAiFleet.Storage.Rollouts;
using OrleansAiFleet.Storage.Tests.Detections;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Rollouts;

public sealed class TrialStoreTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private ITrialWriter Writer => database.Get<ITrialWriter>();

    [Fact]
    public async Task What_is_written_is_read_as_it_was_and_stored_once()
    {
        var (rollout, _) = await RolloutAsync();
        var recorder = new LatencyRecorder();
        recorder.Record(12);
        recorder.Record(900);
        var sample = Sample(rollout, Start) with
        {
            Totals = new()
            {
                WatchedSeconds = 4.5, FramesInferred = 20, Errors = 1, Timeouts = 2, Latency = recorder.ToSketch(), Detections = 30, ConfidenceSum = 12.5,
                EmptyFrames = 3, Tracks = 4, TrackSeconds = 9.25, FramesPaired = 18, ObjectsAlike = 11, ObjectsFound = 15,
            },
        };

        await Writer.WriteAsync([sample, Sample(rollout, Start.AddSeconds(5))], [], CancellationToken.None);
        await Writer.WriteAsync([sample], [], CancellationToken.None);

        var read = await ReadAsync(rollout, Start, Start.AddSeconds(5));
        Assert.Equivalent(sample, Assert.Single(read), strict: true);
        Assert.Equal(2, (await ReadAsync(rollout, Start, Start.AddSeconds(6))).Count);
        Assert.Empty(await ReadAsync(rollout, Start.AddSeconds(-9), Start));
        Assert.Empty(await ReadAsync(Guid.NewGuid(), Start, Start.AddSeconds(6)));
    }

    [Fact]
    public async Task Of_a_rollout_that_is_unknown_nothing_is_kept_and_the_others_are()
    {
        var (rollout, _) = await RolloutAsync();

        await Writer.WriteAsync([Sample(Guid.NewGuid(), Start), Sample(rollout, Start)], [], CancellationToken.None);

        Assert.Single(await ReadAsync(rollout, Start, Start.AddSeconds(5)));
    }

    [Fact]
    public async Task What_a_shadow_finds_is_kept_apart_and_erased_with_its_camera()
    {
        var (rollout, camera) = await RolloutAsync();
        var found = Found(camera);
        var before = await database.Database.CountDetectionsAsync();

        await Writer.WriteAsync([], [new(rollout, found), new(rollout, found), new(rollout, Found(camera))], CancellationToken.None);

        Assert.Equal(before, await database.Database.CountDetectionsAsync());
        Assert.Equal(2, await CountAsync(rollout));
        var receipt = await database.Get<CameraErasures>().EraseAsync(
            new() { Id = Guid.NewGuid(), SiteId = camera.SiteId, CameraId = camera.Id, Reason = "Asked for", ToTime = Start.AddDays(1) }, CancellationToken.None);
        Assert.Equal((2, 0), (receipt.Detections, await CountAsync(rollout)));
    }

    private Task<IReadOnlyList<TrialSample>> ReadAsync(Guid rollout, DateTimeOffset from, DateTimeOffset to) =>
        database.Get<ITrialReader>().ReadAsync(rollout, from, to, CancellationToken.None);

    private Task<long> CountAsync(Guid rollout) =>
        database.Database.ScalarAsync<long>("SELECT count(*) FROM shadow_detections WHERE rollout_id = $1", rollout);

    private async Task<(Guid Rollout, Camera Camera)> RolloutAsync()
    {
        var (site, model) = (await database.StoreAsync(Rows.Site()), await database.StoreAsync(Rows.Model()));
        var stable = await database.StoreAsync(Rows.Deployment(model, site));
        var rollout = await database.StoreAsync(
            new Rollout { Id = Guid.NewGuid(), SiteId = site.Id, StableDeploymentId = stable.Id, CandidateModelId = model.Id });
        return (rollout.Id, await database.StoreAsync(Rows.Camera(site)));
    }

    private static TrialSample Sample(Guid rollout, DateTimeOffset start) => new()
    {
        RolloutId = rollout, DeploymentId = Guid.NewGuid(), CameraId = Guid.NewGuid(), Start = start, Reporter = Guid.NewGuid(), Totals = new(),
    };

    private static Detection Found(Camera camera) => new()
    {
        Id = Guid.NewGuid(), CameraId = camera.Id, SiteId = camera.SiteId, DeploymentId = Guid.NewGuid(), ModelId = Guid.NewGuid(),
        FrameTime = Start, FrameNumber = 7, ClassId = 2, ClassName = "person", Confidence = 0.5f, X = 0.1f, Y = 0.2f, Width = 0.3f, Height = 0.4f,
    };
}
