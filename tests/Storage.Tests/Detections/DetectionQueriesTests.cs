using OrleansAiFleet.Detections;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class DetectionQueriesTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DetectionQueries _queries = new(database.Database);
    private readonly Guid _camera = Guid.NewGuid();

    [Fact]
    public async Task Detection_is_read_as_it_was_stored()
    {
        var stored = Detection() with { TrackId = 7, ClassId = 3, FrameNumber = 99 };
        await StoreAsync(stored);

        Assert.Equal(stored, Assert.Single((await ListAsync(new())).Items));
    }

    [Fact]
    public async Task Every_filter_narrows_the_list()
    {
        var wanted = Detection();
        await StoreAsync(wanted);
        await StoreAsync(Detection() with
        {
            ClassName = "truck",
            Confidence = 0.69f,
            FrameTime = Start.AddMinutes(1),
        });

        foreach (var filter in new DetectionFilter[]
        {
            new(DeploymentId: wanted.DeploymentId),
            new(SiteId: wanted.SiteId),
            new(ClassName: "person"),
            new(MinimumConfidence: 0.7),
            new(To: Start.AddMinutes(1)),
        })
        {
            Assert.Equal(wanted, Assert.Single((await ListAsync(filter)).Items));
        }

        Assert.Equal(Start.AddMinutes(1), Assert.Single((await ListAsync(new(From: Start.AddSeconds(1)))).Items).FrameTime);
        Assert.Equal(2, (await ListAsync(new(From: Start, To: Start.AddMinutes(2), MinimumConfidence: 0.6))).Items.Count);
    }

    [Fact]
    public async Task Pages_hold_every_detection_once_latest_frame_first()
    {
        for (var i = 0; i < 7; i++)
        {
            await StoreAsync(Detection() with { FrameTime = Start.AddSeconds(i / 3) });
        }

        var first = await ListAsync(new(), limit: 4);
        var second = await ListAsync(new(), limit: 4, first.NextCursor);

        Assert.Equal([4, 3], [first.Items.Count, second.Items.Count]);
        Assert.Null(second.NextCursor);
        Assert.Equal(7, first.Items.Concat(second.Items).Select(detection => detection.Id).Distinct().Count());
        Assert.Equal(Start.AddSeconds(2), first.Items[0].FrameTime);
        Assert.Equal(Start, second.Items[^1].FrameTime);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public async Task Confidence_out_of_range_is_refused(double confidence)
    {
        var error = await Assert.ThrowsAsync<FleetRefusedException>(() => ListAsync(new(MinimumConfidence: confidence)));

        Assert.Equal((RefusalKind.Invalid, "min_confidence"), (error.Kind, error.Field));
    }

    private Task<Storage.Fleet.Page<Detection>> ListAsync(DetectionFilter filter, int limit = 50, string? cursor = null) =>
        _queries.ListAsync(filter with { CameraId = _camera }, new(limit, cursor), CancellationToken.None);

    private Detection Detection() => new()
    {
        Id = Guid.NewGuid(),
        CameraId = _camera,
        SiteId = Guid.NewGuid(),
        DeploymentId = Guid.NewGuid(),
        ModelId = Guid.NewGuid(),
        FrameTime = Start,
        ClassName = "person",
        Confidence = 0.7f,
        X = 0.1f,
        Y = 0.2f,
        Width = 0.3f,
        Height = 0.4f,
    };

    private Task StoreAsync(Detection detection) => database.ExecuteAsync(
        """
        INSERT INTO detections (
            id, camera_id, site_id, deployment_id, model_id, frame_time, frame_number, track_id, class_id, class_name,
            confidence, x, y, width, height)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """,
        detection.Id,
        detection.CameraId,
        detection.SiteId,
        detection.DeploymentId,
        detection.ModelId,
        detection.FrameTime,
        detection.FrameNumber,
        (object?)detection.TrackId ?? DBNull.Value,
        detection.ClassId,
        detection.ClassName,
        detection.Confidence,
        detection.X,
        detection.Y,
        detection.Width,
        detection.Height);
}
