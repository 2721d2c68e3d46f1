using OrleansAiFleet.Storage.Deployments.Destinations;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments.Destinations;

public sealed class OutboxUpkeepTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly OutboxLimits Wide = new(TimeSpan.FromDays(1), 1 << 20, TimeSpan.FromDays(30), 1000);

    private OutboxUpkeep Upkeep => new(database.Database);

    [Fact]
    public async Task What_waits_too_long_becomes_dead_letters_with_the_reason_and_is_counted()
    {
        var deployment = await WaitingAsync(3);
        await database.ExecuteAsync(
            "UPDATE detection_outbox SET stored_at = clock_timestamp() - interval '2 days' WHERE deployment_id = $1 AND frame_time < '2026-03-04 12:00:02+00'",
            deployment.Id);
        await database.ExecuteAsync("UPDATE output_destinations SET error = 'The receiver answered 503.' WHERE deployment_id = $1", deployment.Id);

        var changes = await Upkeep.RunAsync(Wide, default);

        Assert.Equal((deployment.Id, "one", 2), Assert.Single(changes.Dead));
        var state = await deployment.StateAsync("one");
        Assert.Equal((1, 2, 2), (state.Waiting, state.Dead, state.DeadLetters));
        var letter = (await deployment.Queries.ListDeadLettersAsync(deployment.Id, "one", new(), default)).Items[0];
        Assert.Equal("It waited too long. Last error: The receiver answered 503.", letter.Reason);
    }

    [Fact]
    public async Task Of_too_much_the_oldest_goes()
    {
        var deployment = await WaitingAsync(10);

        // A frame with one detection counts 450 bytes.
        await Upkeep.RunAsync(Wide with { MostBytes = 1400 }, default);

        var state = await deployment.StateAsync("one");
        Assert.Equal((3, 1350, 7), (state.Waiting, state.WaitingBytes, state.Dead));
        var letters = await deployment.Queries.ListDeadLettersAsync(deployment.Id, "one", new(), default);
        Assert.Equal(SecondsBefore(7), letters.Items.Select(letter => letter.FrameTime).Order());
    }

    [Fact]
    public async Task Dead_letters_are_bounded_and_what_goes_is_counted()
    {
        var deployment = await WaitingAsync(5);
        await Upkeep.RunAsync(Wide with { MostBytes = 1 }, default);

        var changes = await Upkeep.RunAsync(Wide with { MostDeadLetters = 2 }, default);

        Assert.True(changes.Discarded >= 3);
        var state = await deployment.StateAsync("one");
        Assert.Equal((5, 2, 3), (state.Dead, state.DeadLetters, state.Discarded));
        await Upkeep.RunAsync(Wide with { DeadLetterAge = TimeSpan.Zero }, default);
        Assert.Equal(5, (await deployment.StateAsync("one")).Discarded);
    }

    [Fact]
    public async Task Age_of_the_oldest_frame_is_told_per_destination()
    {
        var deployment = await WaitingAsync(1);
        await database.ExecuteAsync("UPDATE detection_outbox SET stored_at = clock_timestamp() - interval '1 hour' WHERE deployment_id = $1", deployment.Id);

        var oldest = Assert.Single(await Upkeep.ReadOldestAsync(default), oldest => oldest.DeploymentId == deployment.Id);

        Assert.Equal("one", oldest.Name);
        Assert.InRange(oldest.Age, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    private static IEnumerable<DateTimeOffset> SecondsBefore(int count) =>
        Enumerable.Range(0, count).Select(second => Detections.Batches.Noon.AddSeconds(second));

    private async Task<SendingDeployment> WaitingAsync(int frames)
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync(SendingDeployment.Seen(deployment, Guid.NewGuid(), [.. Enumerable.Range(0, frames)]), "one");
        return deployment;
    }
}
