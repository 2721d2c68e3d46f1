using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Cameras;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Tests.Detections;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Cameras;

/// <summary>What a camera has seen is erased, and a receipt stays.</summary>
public sealed class CameraErasuresTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly CameraErasures _erasures = database.Get<CameraErasures>();

    [Fact]
    public async Task All_of_a_camera_goes_and_nothing_of_another()
    {
        var (camera, other) = (await CameraAsync(), await CameraAsync());
        foreach (var each in new[] { camera, other })
        {
            await StoreAsync(each, Now.AddDays(-3), Now.AddDays(-3).AddMinutes(1), Now.AddDays(-1), Now.AddMinutes(-1));
        }

        var receipt = await EraseAsync(camera, null, Now);

        Assert.Equal((4, "Asked for by a visitor"), (receipt.Detections, receipt.Reason));
        Assert.NotNull(receipt.CompletedAt);
        Assert.Equal((0, 4), (await CountAsync(camera), await CountAsync(other)));
        Assert.Equal(receipt, Assert.Single((await _erasures.ListAsync(camera.Id, new(10, null), CancellationToken.None)).Items));
    }

    [Fact]
    public async Task Only_what_lies_between_the_two_moments_goes()
    {
        var camera = await CameraAsync();
        var (from, to) = (Now.AddDays(-2), Now.AddDays(-1));
        await StoreAsync(camera, from.AddMilliseconds(-1), from, to.AddMilliseconds(-1), to);

        var receipt = await EraseAsync(camera, from, to);

        Assert.Equal((2, 2), (receipt.Detections, await CountAsync(camera)));
    }

    [Fact]
    public async Task What_comes_late_is_erased_too_and_counted()
    {
        var camera = await CameraAsync();
        await StoreAsync(camera, Now.AddHours(-1));
        var receipt = await EraseAsync(camera, null, Now);
        await StoreAsync(camera, Now.AddHours(-2), Now.AddMinutes(1));

        await _erasures.ResumeAsync(CancellationToken.None);

        Assert.Equal(1, await CountAsync(camera));
        var after = Assert.Single((await _erasures.ListAsync(camera.Id, new(10, null), CancellationToken.None)).Items);
        Assert.Equal((2, receipt.CompletedAt), (after.Detections, after.CompletedAt));
    }

    [Fact]
    public async Task Repeated_request_gives_the_receipt_of_then()
    {
        var camera = await CameraAsync();
        await StoreAsync(camera, Now.AddHours(-1));
        var id = Guid.NewGuid();

        var first = await EraseAsync(camera, null, Now, id);

        Assert.Equal(first, await EraseAsync(camera, null, Now, id));
        Assert.Equal(first, await EraseAsync(camera, null, default, id));
        var another = await Assert.ThrowsAsync<FleetRefusedException>(() => EraseAsync(camera, null, Now.AddMinutes(1), id));
        Assert.Equal((RefusalKind.Conflict, "id"), (another.Kind, another.Field));
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(async () => await EraseAsync(await CameraAsync(), null, Now, id));
        Assert.Equal((RefusalKind.Conflict, "id"), (refused.Kind, refused.Field));
    }

    [Fact]
    public async Task Times_finer_than_the_database_keeps_are_the_same_when_they_come_again()
    {
        var camera = await CameraAsync();
        var (from, to, id) = (Now.AddDays(-1).AddTicks(7), Now.AddTicks(-3), Guid.NewGuid());

        var first = await EraseAsync(camera, from, to, id);

        Assert.Equal(first, await EraseAsync(camera, from, to, id));
    }

    [Fact]
    public async Task Several_at_once_count_each_detection_once()
    {
        var camera = await CameraAsync();
        await StoreAsync(camera, [.. Enumerable.Range(1, 20).Select(hours => Now.AddHours(-6 * hours))]);
        var id = Guid.NewGuid();
        await EraseAsync(camera, Now.AddMinutes(-1), Now, id);
        await database.ExecuteAsync("UPDATE erasures SET from_time = NULL, completed_at = NULL WHERE id = $1", id);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _erasures.ResumeAsync(CancellationToken.None)));

        var receipt = Assert.Single((await _erasures.ListAsync(camera.Id, new(10, null), CancellationToken.None)).Items);
        Assert.Equal((20, 0), (receipt.Detections, await CountAsync(camera)));
        Assert.NotNull(receipt.CompletedAt);
    }

    [Fact]
    public async Task Receipt_stands_in_the_trail_with_its_count()
    {
        var camera = await CameraAsync();
        await StoreAsync(camera, Now.AddHours(-1));

        var receipt = await EraseAsync(camera, null, Now);

        Assert.Equal(1, await database.Database.ScalarAsync<long>(
            "SELECT MAX((after->>'detections')::BIGINT) FROM audit_entries WHERE target_type = 'erasures' AND target_id = $1", receipt.Id.ToString()));
        Assert.Equal(1, await database.Database.ScalarAsync<long>(
            "SELECT count(*) FROM audit_entries WHERE target_type = 'erasures' AND target_id = $1 AND after->>'reason' = $2",
            receipt.Id.ToString(), receipt.Reason));
    }

    [Fact]
    public async Task What_waits_to_be_sent_of_the_camera_goes_as_well()
    {
        var camera = await CameraAsync();
        await StoreAsync(camera, Now.AddHours(-1));
        foreach (var table in (string[])["detection_outbox", "detection_dead_letters"])
        {
            await database.ExecuteAsync(
                $"""
                INSERT INTO {table} (deployment_id, destination, camera_id, frame_time, detection_ids{(table == "detection_outbox" ? "" : ", id, stored_at, reason")})
                VALUES (gen_random_uuid(), 'one', $1, $2, ARRAY[]::UUID[]{(table == "detection_outbox" ? "" : ", 1, $2, 'gone'")})
                """,
                camera.Id, Now.AddHours(-1).UtcDateTime);
        }

        await EraseAsync(camera, null, Now);

        Assert.Equal(0, await database.Database.ScalarAsync<long>("SELECT count(*) FROM detection_outbox WHERE camera_id = $1", camera.Id));
        Assert.Equal(0, await database.Database.ScalarAsync<long>("SELECT count(*) FROM detection_dead_letters WHERE camera_id = $1", camera.Id));
    }

    private Task<Erasure> EraseAsync(Camera camera, DateTimeOffset? from, DateTimeOffset to, Guid? id = null) => _erasures.EraseAsync(
        new()
        {
            Id = id ?? Guid.NewGuid(),
            CameraId = camera.Id,
            SiteId = camera.SiteId,
            FromTime = from,
            ToTime = to,
            Reason = "Asked for by a visitor",
            CreatedAt = Now,
        },
        CancellationToken.None);

    private async Task<Camera> CameraAsync() => await database.StoreAsync(Rows.Camera(await database.StoreAsync(Rows.Site())));

    private Task<long> StoreAsync(Camera camera, params DateTimeOffset[] times) =>
        new FrameBatchSql(database.Database, TimeSpan.FromSeconds(10)).StoreAsync(
            [new([.. times.Select(at => Batches.Detection(at) with { CameraId = camera.Id, SiteId = camera.SiteId })], [])], CancellationToken.None);

    private Task<long> CountAsync(Camera camera) =>
        database.Database.ScalarAsync<long>("SELECT count(*) FROM detections WHERE camera_id = $1", camera.Id);
}
