using Microsoft.Extensions.Time.Testing;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

public sealed class ExpiredUploadsTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Upload_that_nobody_went_on_with_goes_with_all_that_had_come()
    {
        var user = Guid.NewGuid();
        await database.ExecuteAsync("INSERT INTO users (id) VALUES ($1)", user);
        var uploads = new PendingUploads(database.Database, database.Get<IDataKeyWrapper>(), _time);
        var left = await uploads.CreateAsync(user, 300, new("{}"), CancellationToken.None);
        await uploads.AppendAsync(left, new MemoryStream(new byte[100]), CancellationToken.None);
        _time.Advance(PendingUploads.Kept / 2);
        var goesOn = await uploads.CreateAsync(user, 300, new("{}"), CancellationToken.None);
        await uploads.AppendAsync(goesOn, new MemoryStream(new byte[200]), CancellationToken.None);
        _time.Advance((PendingUploads.Kept / 2) + TimeSpan.FromSeconds(1));

        var removed = await new ExpiredUploads(database.Database, _time).ForgetAsync(CancellationToken.None);

        Assert.Equal(1, removed);
        Assert.Null(await uploads.FindAsync(left.Id, CancellationToken.None));
        Assert.Equal(200, (await uploads.FindAsync(goesOn.Id, CancellationToken.None))!.Received);
        await using var parts = database.Database.CreateCommand("SELECT DISTINCT upload_id FROM model_upload_parts");
        Assert.Equal(goesOn.Id, await parts.ExecuteScalarAsync());
    }
}
