using OrleansAiFleet.Storage.Tests.Detections;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments.Destinations;

public sealed class DestinationLeasesTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    [Fact]
    public async Task Destination_has_one_owner_until_it_gives_it_back()
    {
        var deployment = await DueAsync();

        var lease = await deployment.ClaimAsync("one");
        var other = await deployment.ClaimAsync("one");
        await deployment.Leases.ReleaseAsync(lease!, default);

        Assert.NotNull(lease);
        Assert.Null(other);
        Assert.NotNull(await deployment.ClaimAsync("one"));
    }

    [Fact]
    public async Task What_a_dead_owner_had_is_taken_over_and_its_late_words_change_nothing()
    {
        var deployment = await DueAsync();
        var dead = (await deployment.ClaimAsync("one", TimeSpan.FromMilliseconds(1)))!;
        await Task.Delay(20);

        var heir = await deployment.ClaimAsync("one");
        await deployment.Outbox.FailedAsync(dead, 1, false, "late", TimeSpan.FromHours(1), default);
        await deployment.Leases.ReleaseAsync(dead, default);

        Assert.NotNull(heir);
        Assert.Null(await deployment.ClaimAsync("one"));
        Assert.Null((await deployment.StateAsync("one")).Error);
        Assert.False(await deployment.Outbox.DeliveredAsync(dead, [], 0, SendingDeployment.Lease, default));
        Assert.True(await deployment.Outbox.DeliveredAsync(heir, [], 0, SendingDeployment.Lease, default));
    }

    [Fact]
    public async Task Two_that_ask_at_once_never_get_the_same()
    {
        foreach (var _ in Enumerable.Range(0, 20))
        {
            await DueAsync();
        }

        var leases = new SendingDeployment(database, new() { Id = Guid.NewGuid() }).Leases;
        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            leases.ClaimAsync(Guid.NewGuid(), 10, SendingDeployment.Lease, CancellationToken.None)));

        var taken = claims.SelectMany(claim => claim).Select(lease => (lease.DeploymentId, lease.Name)).ToArray();
        Assert.True(taken.Length >= 20, $"{taken.Length} were taken");
        Assert.Equal(taken.Length, taken.Distinct().Count());
        Assert.All(claims, claim => Assert.True(claim.Count <= 10));
    }

    [Fact]
    public async Task Nothing_is_taken_where_nothing_waits() =>
        Assert.Null(await (await SendingDeployment.CreateAsync(database, "one")).ClaimAsync("one"));

    private async Task<SendingDeployment> DueAsync()
    {
        var deployment = await SendingDeployment.CreateAsync(database, "one");
        await deployment.StoreAsync([Batches.Detection(deployment: deployment.Id)], "one");
        return deployment;
    }
}
