using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments.Destinations;

/// <summary>Frames of one message that go different ways.</summary>
public sealed class OutboxSettingAsideTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private readonly Guid _camera = Guid.NewGuid();

    [Fact]
    public async Task What_is_given_up_has_its_own_reason_and_the_rest_waits_without_a_failure()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1, 2, 3), "one");
        var lease = (await deployment.ClaimAsync("one"))!;
        var frames = (await deployment.ReadAsync(lease)).Frames;

        await deployment.Outbox.SetAsideAsync(lease, [(frames[0], "Too old."), (frames[2], "Too new.")], "It goes on.", TimeSpan.FromHours(1), default);

        var letters = (await deployment.Queries.ListDeadLettersAsync(deployment.Id, "one", new(9), default)).Items;
        Assert.Equal(["Too new.", "Too old."], letters.Select(letter => letter.Reason));
        Assert.Equal(frames[2].FrameTime, letters[0].FrameTime);
        var state = await deployment.StateAsync("one");
        Assert.Equal((1, 2, 2, 0, "It goes on."), (state.Waiting, state.Dead, state.DeadLetters, state.Failures, state.Error));
        Assert.NotNull(state.NextTryAt);
        Assert.Null(await deployment.ClaimAsync("one"));
    }

    [Fact]
    public async Task Destination_whose_frames_need_not_wait_is_free_at_once_and_what_failed_before_is_no_head_any_more()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1, 2), "one");
        var lease = (await deployment.ClaimAsync("one"))!;
        var frames = (await deployment.ReadAsync(lease)).Frames;
        await deployment.Outbox.FailedAsync(lease, frames[0].Id, isRefusal: false, "The receiver answered 503.", TimeSpan.Zero, default);

        lease = (await deployment.ClaimAsync("one"))!;
        await deployment.Outbox.SetAsideAsync(lease, [], null, TimeSpan.Zero, default);

        Assert.Equal("The receiver answered 503.", (await deployment.StateAsync("one")).Error);
        var again = (await deployment.ClaimAsync("one"))!;
        Assert.Null(again.HeadUntil);
        Assert.Equal(2, (await deployment.ReadAsync(again)).Frames.Count);
    }

    [Fact]
    public async Task Who_lost_the_destination_gives_frames_up_and_takes_it_from_nobody()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, _camera, 1, 2), "one");
        var lost = (await deployment.ClaimAsync("one"))!;
        var frames = (await deployment.ReadAsync(lost)).Frames;
        await database.ExecuteAsync("UPDATE output_destinations SET lease_until = '-infinity' WHERE deployment_id = $1", deployment.Id);
        var held = (await deployment.ClaimAsync("one"))!;

        await deployment.Outbox.SetAsideAsync(lost, [(frames[0], "Too old.")], "It goes on.", TimeSpan.FromHours(1), default);

        Assert.Null(await deployment.ClaimAsync("one"));
        Assert.True(await deployment.Outbox.DeliveredAsync(held, [frames[1]], 0, SendingDeployment.Lease, default));
        var state = await deployment.StateAsync("one");
        Assert.Equal((0, 1, 1, 1), (state.Waiting, state.Dead, state.DeadLetters, state.Delivered));
    }
}
