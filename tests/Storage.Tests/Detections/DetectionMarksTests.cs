using OrleansAiFleet.Cameras;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Cameras;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Rollouts;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class DetectionMarksTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    // To the second: the database keeps microseconds.
    private static readonly DateTimeOffset Seen = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddHours(-3).ToUnixTimeSeconds());

    private readonly DetectionMarks _marks = database.Get<DetectionMarks>();

    [Fact]
    public async Task Mark_has_what_the_detection_was_and_the_last_word_counts()
    {
        var detection = await SeenAsync(await CameraAsync());
        var person = await PersonAsync();

        var first = (await MarkAsync(detection, DetectionVerdict.FalsePositive, "A tarpaulin", person))!;
        var again = await MarkAsync(detection, DetectionVerdict.FalsePositive, "A tarpaulin", person);
        var other = (await MarkAsync(detection, DetectionVerdict.Correct))!;

        Assert.Equal(
            (detection.Id, detection.CameraId, detection.SiteId, detection.DeploymentId, detection.ModelId, detection.FrameTime, detection.ClassName, false),
            (first.DetectionId, first.CameraId, first.SiteId, first.DeploymentId, first.ModelId, first.FrameTime, first.ClassName, first.IsShadow));
        Assert.Equal((DetectionVerdict.FalsePositive, "A tarpaulin", person), (first.Verdict, first.Comment, first.MarkedBy));

        // Said twice is said once: otherwise a repeated request would be measured again.
        Assert.Equal(first, again);
        Assert.Equal((DetectionVerdict.Correct, null, null), (other.Verdict, other.Comment, other.MarkedBy));
        Assert.True(other.MarkedAt > first.MarkedAt);
        Assert.Equal(other, Assert.Single((await ListAsync(detection.CameraId)).Items));
        Assert.Equal(2, await RecordedAsync(detection, "detections.mark"));
    }

    [Fact]
    public async Task Mark_is_taken_back_once()
    {
        var detection = await SeenAsync(await CameraAsync());
        await MarkAsync(detection, DetectionVerdict.FalsePositive);

        Assert.Null(await _marks.RemoveAsync(Guid.NewGuid(), detection.Id, CancellationToken.None));
        Assert.NotNull(await _marks.RemoveAsync(detection.CameraId, detection.Id, CancellationToken.None));
        Assert.Null(await _marks.RemoveAsync(detection.CameraId, detection.Id, CancellationToken.None));

        Assert.Empty((await ListAsync(detection.CameraId)).Items);
        Assert.Equal(1, await RecordedAsync(detection, "detections.unmark"));
    }

    [Fact]
    public async Task What_a_camera_has_not_seen_cannot_be_marked()
    {
        var detection = await SeenAsync(await CameraAsync());

        Assert.Null(await MarkAsync(detection with { CameraId = Guid.NewGuid() }, DetectionVerdict.Correct));
        Assert.Null(await MarkAsync(detection with { FrameTime = Seen.AddTicks(10) }, DetectionVerdict.Correct));
        Assert.Null(await MarkAsync(detection with { Id = Guid.NewGuid() }, DetectionVerdict.Correct));

        Assert.Equal(0, await RecordedAsync(detection, "detections.mark"));
    }

    [Fact]
    public async Task Pages_hold_every_mark_once_and_filters_narrow_them()
    {
        var camera = await CameraAsync();
        for (var i = 0; i < 5; i++)
        {
            await MarkAsync(await SeenAsync(camera), i % 2 == 0 ? DetectionVerdict.Correct : DetectionVerdict.FalsePositive);
        }

        var first = await _marks.ListAsync(camera.Id, null, null, new(3), CancellationToken.None);
        var second = await _marks.ListAsync(camera.Id, null, null, new(3, first.NextCursor), CancellationToken.None);

        DetectionMark[] all = [.. first.Items, .. second.Items];
        Assert.Equal((5, null), (all.DistinctBy(mark => mark.DetectionId).Count(), second.NextCursor));
        Assert.Equal(all.OrderByDescending(mark => mark.MarkedAt), all);
        Assert.Equal(2, (await _marks.ListAsync(camera.Id, null, DetectionVerdict.FalsePositive, new(), CancellationToken.None)).Items.Count);
        Assert.Equal(
            all[0], Assert.Single((await _marks.ListAsync(camera.Id, all[0].DeploymentId, null, new(), CancellationToken.None)).Items));
    }

    [Fact]
    public async Task Marks_are_erased_with_their_camera_also_where_only_they_are_left()
    {
        var (camera, other) = (await CameraAsync(), await CameraAsync());
        foreach (var each in new[] { camera, other })
        {
            await MarkAsync(await SeenAsync(each, Seen.AddDays(-2)), DetectionVerdict.Correct);
            await MarkAsync(await SeenAsync(each), DetectionVerdict.Correct);
        }

        await database.ExecuteAsync("DELETE FROM detections WHERE camera_id = $1 AND frame_time < $2", camera.Id, Seen.UtcDateTime);
        var receipt = await database.Get<CameraErasures>().EraseAsync(
            new() { Id = Guid.NewGuid(), SiteId = camera.SiteId, CameraId = camera.Id, Reason = "Asked for", ToTime = Seen.AddDays(1) },
            CancellationToken.None);

        Assert.Equal(1, receipt.Detections);
        Assert.NotNull(receipt.CompletedAt);
        Assert.Empty((await ListAsync(camera.Id)).Items);
        Assert.Equal(2, (await ListAsync(other.Id)).Items.Count);
    }

    [Fact]
    public async Task Rollout_reads_the_words_about_both_its_deployments_since_it_began()
    {
        var (site, model) = (await database.StoreAsync(Rows.Site()), await database.StoreAsync(Rows.Model()));
        var camera = await database.StoreAsync(Rows.Camera(site));
        var stable = await database.StoreAsync(Rows.Deployment(model, site));
        var rollout = await database.StoreAsync(new Rollout
        {
            Id = Guid.NewGuid(), SiteId = site.Id, StableDeploymentId = stable.Id, CandidateModelId = model.Id, CreatedAt = Seen.AddMinutes(-1),
        });
        var mine = await SeenAsync(camera, deployment: stable.Id);
        var unseen = Batches.Detection(Seen) with { CameraId = camera.Id, SiteId = camera.SiteId, DeploymentId = rollout.Id };
        await database.Get<ITrialWriter>().WriteAsync([], [new(rollout.Id, unseen)], CancellationToken.None);
        await MarkAsync(await SeenAsync(camera, Seen.AddHours(-1), stable.Id), DetectionVerdict.FalsePositive);
        await MarkAsync(await SeenAsync(camera), DetectionVerdict.FalsePositive);
        var first = (await MarkAsync(mine, DetectionVerdict.FalsePositive))!;
        var last = (await MarkAsync(unseen, DetectionVerdict.Correct))!;

        var read = await ReadAsync(rollout.Id, first.MarkedAt, last.MarkedAt.AddTicks(10));

        Assert.True(last.IsShadow);
        Assert.Equal(
            [
                new TrialMark(stable.Id, camera.Id, Seen, first.MarkedAt, DetectionVerdict.FalsePositive),
                new TrialMark(rollout.Id, camera.Id, Seen, last.MarkedAt, DetectionVerdict.Correct),
            ],
            read);
        Assert.Equal(first.MarkedAt, Assert.Single(await ReadAsync(rollout.Id, first.MarkedAt, last.MarkedAt)).MarkedAt);
        Assert.Empty(await ReadAsync(Guid.NewGuid(), first.MarkedAt, last.MarkedAt.AddTicks(10)));
    }

    private Task<IReadOnlyList<TrialMark>> ReadAsync(Guid rollout, DateTimeOffset from, DateTimeOffset to) =>
        database.Get<ITrialReader>().ReadMarksAsync(rollout, from, to, CancellationToken.None);

    private Task<DetectionMark?> MarkAsync(Detection detection, DetectionVerdict verdict, string? comment = null, Guid? by = null) =>
        _marks.SetAsync(detection.CameraId, detection.Id, detection.FrameTime, verdict, comment, by, CancellationToken.None);

    private Task<Page<DetectionMark>> ListAsync(Guid camera) => _marks.ListAsync(camera, null, null, new(), CancellationToken.None);

    private Task<long> RecordedAsync(Detection detection, string action) => database.Database.ScalarAsync<long>(
        "SELECT count(*) FROM audit_entries WHERE target_type = 'detections' AND target_id = $1 AND action = $2", detection.Id.ToString(), action);

    private async Task<Camera> CameraAsync() => await database.StoreAsync(Rows.Camera(await database.StoreAsync(Rows.Site())));

    private async Task<Guid> PersonAsync()
    {
        var id = Guid.NewGuid();
        await database.ExecuteAsync("INSERT INTO users (id) VALUES ($1)", id);
        return id;
    }

    private async Task<Detection> SeenAsync(Camera camera, DateTimeOffset? at = null, Guid? deployment = null)
    {
        var detection = Batches.Detection(at ?? Seen, deployment) with { CameraId = camera.Id, SiteId = camera.SiteId };
        await new FrameBatchSql(database.Database, TimeSpan.FromSeconds(10)).StoreAsync([new([detection], [])], CancellationToken.None);
        return detection;
    }
}
