using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Deployments.Destinations;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Tests.Detections;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments.Destinations;

public sealed class DetectionOutboxTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private readonly Guid _camera = Guid.NewGuid();

    [Fact]
    public async Task Detections_and_what_is_to_be_sent_of_them_are_stored_together_and_twice_written_is_once_kept()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one", "two");
        var seen = SendingDeployment.Seen(deployment, _camera, 1, 2, 3);

        Assert.Equal(3, await deployment.StoreAsync(seen, "one", "two"));
        Assert.Equal(0, await deployment.StoreAsync(seen, "one", "two"));
        var lease = (await deployment.ClaimAsync("one"))!;
        var head = await deployment.ReadAsync(lease);
        Assert.True(await deployment.Outbox.DeliveredAsync(lease, [.. head.Frames], 0, SendingDeployment.Lease, default));
        Assert.Equal(0, await deployment.StoreAsync(seen, "one", "two"));

        Assert.Equal([1, 2, 3], SecondsOf(head));
        Assert.Equal(seen.Select(detection => detection.Id), head.Frames.SelectMany(frame => frame.Detections).Select(detection => detection.Id));
        Assert.Equal((0, 3), ((await deployment.StateAsync("one")).Waiting, (await deployment.StateAsync("one")).Delivered));
        Assert.Equal((3, 0), ((await deployment.StateAsync("two")).Waiting, (await deployment.StateAsync("two")).Delivered));
    }

    [Fact]
    public async Task Batch_that_the_database_refuses_leaves_nothing_to_be_sent()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        var seen = SendingDeployment.Seen(deployment, _camera, 1, 2);

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => deployment.StoreAsync([seen[0], seen[1] with { Confidence = 2 }], "one"));

        Assert.Equal(0, (await deployment.StateAsync("one")).Waiting);
        Assert.Equal(0, await database.Database.ScalarAsync<long>("SELECT count(*) FROM detections WHERE camera_id = $1", _camera));
    }

    [Fact]
    public async Task One_bad_row_takes_neither_the_other_detections_nor_their_sending_with_it()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        var seen = SendingDeployment.Seen(deployment, _camera, 1, 2, 3, 4);
        var parent = new JournalParent();
        await using (var running = await RunningWriter.StartAsync(parent, database.Database))
        {
            await running.Writer.WriteAsync(
                SendingDeployment.Batch([seen[0], seen[1], seen[2] with { Confidence = 2 }, seen[3]], "one"), CancellationToken.None);
            await running.StoredAsync(1);
        }

        parent.Delete();
        Assert.Equal([1, 2, 4], SecondsOf(await deployment.ReadAsync((await deployment.ClaimAsync("one"))! with { BatchSize = 10 })));
    }

    [Fact]
    public async Task Frame_is_one_row_with_its_detections_in_order_and_only_those_that_go_there()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "all", "some");
        var seen = SendingDeployment.Seen(deployment, _camera, 5, 5, 5);
        var batch = SendingDeployment.Batch(seen, "all") with { };
        batch = batch with { Outgoing = [.. batch.Outgoing, new(seen[1].Id, "some")] };

        await new FrameBatchSql(database.Database, TimeSpan.FromSeconds(10)).StoreAsync([batch], default);

        Assert.Equal(seen, Assert.Single((await deployment.ReadAsync((await deployment.ClaimAsync("all"))!)).Frames).Detections);
        Assert.Equal([seen[1]], Assert.Single((await deployment.ReadAsync(Lease(deployment, "some"))).Frames).Detections);
    }

    [Fact]
    public async Task Frames_of_each_camera_come_in_their_order_however_batches_are_cut()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        var other = Guid.NewGuid();
        var sql = new FrameBatchSql(database.Database, TimeSpan.FromSeconds(10));
        foreach (var second in Enumerable.Range(0, 10))
        {
            var batches = Enumerable.Range(0, 3).Select(part =>
            {
                var at = (second * 6) + (part * 2);
                return SendingDeployment.Batch(
                    [.. SendingDeployment.Seen(deployment, _camera, at, at + 1), .. SendingDeployment.Seen(deployment, other, at, at + 1)], "one");
            });
            await sql.StoreAsync([.. batches], default);
        }

        var frames = (await deployment.ReadAsync((await deployment.ClaimAsync("one"))! with { BatchSize = 500 })).Frames;

        Assert.Equal(120, frames.Count);
        foreach (var camera in frames.GroupBy(frame => frame.CameraId))
        {
            Assert.Equal(Enumerable.Range(0, 60), camera.Select(frame => (int)(frame.FrameTime - Batches.Noon).TotalSeconds));
        }
    }

    [Fact]
    public async Task What_goes_to_a_destination_that_nobody_has_is_stored_and_not_sent()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one", "gone");
        await deployment.ChangeAsync(SendingDeployment.File("one"));

        Assert.Equal(1, await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1), "gone", "never"));

        Assert.Equal(0, await database.Database.ScalarAsync<long>("SELECT count(*) FROM detection_outbox WHERE deployment_id = $1", deployment.Id));
        Assert.True((await deployment.StateAsync("gone")).IsRemoved);
    }

    [Fact]
    public async Task Message_that_failed_is_tried_again_as_it_was_and_not_before_its_time()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1, 2), "one");
        var lease = (await deployment.ClaimAsync("one"))!;
        var head = await deployment.ReadAsync(lease);

        await deployment.Outbox.FailedAsync(lease, head.Frames[^1].Id, isRefusal: true, "The receiver answered 404.", TimeSpan.FromHours(1), default);
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 3), "one");
        Assert.Null(await deployment.ClaimAsync("one"));
        await database.ExecuteAsync("UPDATE output_destinations SET not_before = '-infinity' WHERE deployment_id = $1", deployment.Id);
        var again = (await deployment.ClaimAsync("one"))!;

        Assert.Equal((1, 1), (again.Failures, again.Refusals));
        Assert.Equal([1, 2], SecondsOf(await deployment.ReadAsync(again)));
        Assert.Equal([1, 2, 3], SecondsOf(await deployment.ReadAsync(again with { HeadUntil = null })));
        Assert.Equal("The receiver answered 404.", (await deployment.StateAsync("one")).Error);
    }

    [Fact]
    public async Task Changed_destination_is_tried_at_once()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1), "one");
        var lease = (await deployment.ClaimAsync("one"))!;
        await deployment.Outbox.FailedAsync(lease, (await deployment.ReadAsync(lease)).Frames[0].Id, true, "404", TimeSpan.FromHours(1), default);

        await deployment.ChangeAsync(SendingDeployment.File("one") with { Directory = "b" });

        Assert.Equal(0, (await deployment.ClaimAsync("one"))!.Refusals);
    }

    [Fact]
    public async Task Message_that_is_not_full_waits_for_others_as_long_as_its_destination_says()
    {
        var deployment = await SendingDeployment.CreateAsync(
            database, [SendingDeployment.File("slow") with { MaxDelaySeconds = 3600, BatchSize = 3 }]);
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1, 2), "slow");

        Assert.Null(await deployment.ClaimAsync("slow"));
        Assert.False((await deployment.ReadAsync(Lease(deployment, "slow"))).IsDue(Lease(deployment, "slow")));
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 3), "slow");

        Assert.NotNull(await deployment.ClaimAsync("slow"));
    }

    [Fact]
    public async Task Dead_letters_are_listed_by_pages_and_come_back_or_go_for_good()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1, 2, 3), "one");
        var lease = (await deployment.ClaimAsync("one"))!;
        await deployment.Outbox.BuryAsync(lease, [.. (await deployment.ReadAsync(lease)).Frames], "The receiver answered 410.", TimeSpan.Zero, default);

        var first = await deployment.Queries.ListDeadLettersAsync(deployment.Id, "one", new(2), default);
        var rest = await deployment.Queries.ListDeadLettersAsync(deployment.Id, "one", new(2, first.NextCursor), default);
        Assert.True(await deployment.Queries.RetryAsync(deployment.Id, "one", rest.Items[0].Id, default));
        Assert.False(await deployment.Queries.RetryAsync(deployment.Id, "one", rest.Items[0].Id, default));
        Assert.True(await deployment.Queries.DeleteAsync(deployment.Id, "one", first.Items[0].Id, default));
        Assert.False(await deployment.Queries.DeleteAsync(deployment.Id, "two", first.Items[1].Id, default));

        Assert.Equal((2, 1, null), (first.Items.Count, rest.Items.Count, rest.NextCursor));
        Assert.Equal("The receiver answered 410.", first.Items[0].Reason);
        var state = await deployment.StateAsync("one");
        Assert.Equal((1, 3, 1, 1), (state.Waiting, state.Dead, state.DeadLetters, state.Discarded));
        Assert.Equal([1], SecondsOf(await deployment.ReadAsync((await deployment.ClaimAsync("one"))!)));
        await Assert.ThrowsAsync<FleetRefusedException>(() => deployment.Queries.ListDeadLettersAsync(deployment.Id, "one", new(2, "x"), default));
    }

    [Fact]
    public async Task What_was_erased_meanwhile_is_read_without_content()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1), "one");
        await database.ExecuteAsync("DELETE FROM detections WHERE camera_id = $1", _camera);

        var lease = (await deployment.ClaimAsync("one"))!;
        var frame = Assert.Single((await deployment.ReadAsync(lease)).Frames);
        await deployment.Outbox.DeliveredAsync(lease, [frame], 1, SendingDeployment.Lease, default);

        Assert.Empty(frame.Detections);
        var state = await deployment.StateAsync("one");
        Assert.Equal((0, 0, 1), (state.Waiting, state.Delivered, state.Discarded));
    }

    [Fact]
    public async Task Row_that_was_stored_before_it_was_checked_makes_no_destination()
    {
        var deployment = await SendingDeployment.CreateAsync(database, Array.Empty<string>());

        await database.ExecuteAsync(
            "UPDATE model_deployments SET output_destinations = $1::jsonb WHERE id = $2",
            """[{"name":"a"},{"name":1,"kind":"file","batch_size":1,"max_delay_seconds":1},7,"x"]""", deployment.Id);

        Assert.Empty(await deployment.Queries.ReadStatesAsync(deployment.Id, default));
    }

    [Fact]
    public async Task Destination_is_found_as_the_row_has_it_now()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        var targets = new DestinationTargets(database.Contexts);

        var found = await targets.FindAsync(deployment.Id, "one", default);

        Assert.Equal("a", Assert.IsType<FileDestination>(found!.Destination).Directory);
        Assert.Null(await targets.FindAsync(deployment.Id, "two", default));
        Assert.Null(await targets.FindAsync(Guid.NewGuid(), "one", default));
    }

    private static DestinationLease Lease(SendingDeployment deployment, string name) => new()
    {
        DeploymentId = deployment.Id,
        Name = name,
        Owner = Guid.NewGuid(),
        BatchSize = 3,
        MaxDelay = TimeSpan.FromHours(1),
    };

    private static IEnumerable<int> SecondsOf(OutboxHead head) => head.Frames.Select(frame => (int)(frame.FrameTime - Batches.Noon).TotalSeconds);
}
