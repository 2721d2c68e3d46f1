using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Storage.Tests.Fleet;

public sealed class MaintenanceReaderTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Those_that_are_on_and_not_over_hold()
    {
        var open = await database.StoreAsync(Mode());
        var holds = await database.StoreAsync(Mode() with { EndsAt = Now.AddSeconds(1) });
        await database.StoreAsync(Mode() with { EndsAt = Now });
        await database.StoreAsync(Mode() with { IsEnabled = false });

        var holding = await database.Get<IMaintenanceReader>().ReadHoldingAsync(Now, CancellationToken.None);

        Assert.Equal(new[] { open.Id, holds.Id }.Order(), holding.Select(mode => mode.Id).Order());
    }

    private static MaintenanceMode Mode() =>
        new() { Id = Guid.NewGuid(), IsEnabled = true, Reason = "New switches.", Since = Now.AddHours(-1), UpdatedAt = Now };
}
