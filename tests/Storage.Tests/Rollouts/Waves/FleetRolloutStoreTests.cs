using Microsoft.EntityFrameworkCore;
using Orleans.Storage;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Rollouts.Waves;

public sealed class FleetRolloutStoreTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    [Fact]
    public async Task Row_and_sites_are_written_together_and_read_back_in_their_order()
    {
        var state = await BeginAsync(sites: 3);

        var read = await ReadAsync(state.State!.Row.Id);

        Assert.True(read.RecordExists);
        Assert.Equal(state.ETag, read.ETag);
        Assert.Equal(state.State.Sites.Select(site => site.SiteId), read.State!.Sites.Select(site => site.SiteId));
        Assert.Equal([0, 1, 2], read.State.Sites.Select(site => site.Position));
        Assert.NotEqual(default, read.State.Row.CreatedAt);
    }

    [Fact]
    public async Task Only_sites_that_changed_are_written_and_the_version_moves_with_them()
    {
        var state = await BeginAsync(sites: 2);
        var before = state.ETag;
        var (one, other) = (state.State!.Sites[0], state.State.Sites[1]);

        state.State = state.State with
        {
            Sites = [one with { State = FleetSiteState.Starting, TargetId = Guid.NewGuid() }, other with { Reason = "not told" }],
            Changed = [one.Id],
        };
        await WriteAsync(state);

        var read = await ReadAsync(state.State.Row.Id);
        Assert.Equal([FleetSiteState.Starting, FleetSiteState.Waiting], read.State!.Sites.Select(site => site.State));
        Assert.Equal("", read.State.Sites[1].Reason);
        Assert.NotEqual(before, read.ETag);
    }

    [Fact]
    public async Task Second_of_two_writers_loses_with_all_its_sites()
    {
        var state = await BeginAsync(sites: 1);
        var (one, other) = (await ReadAsync(state.State!.Row.Id), await ReadAsync(state.State.Row.Id));
        await WriteAsync(Moved(one, FleetSiteState.Moving));

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(Moved(other, FleetSiteState.Failed)));

        Assert.Equal(FleetSiteState.Moving, (await ReadAsync(state.State.Row.Id)).State!.Sites[0].State);
    }

    [Fact]
    public async Task Site_that_does_not_exist_leaves_no_row_behind()
    {
        var model = await database.StoreAsync(Rows.Model());
        var id = Guid.NewGuid();

        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(New(id, model, [Guid.NewGuid()])));

        Assert.False((await ReadAsync(id)).RecordExists);
    }

    [Fact]
    public async Task Decisions_are_in_the_audit_trail_and_steps_of_sites_are_not()
    {
        var state = await BeginAsync(sites: 1);
        await WriteAsync(Moved(state, FleetSiteState.Moving));
        var before = await CountAsync();

        state.State = state.State! with { Row = state.State.Row with { Progress = state.State.Row.Progress with { Wave = 1 } }, Changed = [] };
        await WriteAsync(state);

        Assert.Equal(before + 1, await CountAsync());

        async Task<long> CountAsync()
        {
            await using var command = database.Database.CreateCommand(
                "SELECT count(*) FROM audit_entries WHERE target_id = $1 OR target_type = 'fleet_rollout_sites'");
            command.Parameters.Add(new() { Value = state.State!.Row.Id.ToString() });
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private static GrainState<FleetRolloutState> Moved(GrainState<FleetRolloutState> state, FleetSiteState to)
    {
        var site = state.State!.Sites[0];
        state.State = state.State with { Sites = [site with { State = to }], Changed = [site.Id] };
        return state;
    }

    private static GrainState<FleetRolloutState> New(Guid id, AiModel model, Guid[] sites) => new()
    {
        State = new()
        {
            Row = new() { Id = id, Name = "All", ModelId = model.Id, MaxConcurrentSites = 1, Waves = [new(sites)] },
            Sites =
            [
                .. sites.Select((site, i) => new FleetRolloutSite
                {
                    Id = Guid.NewGuid(), FleetRolloutId = id, SiteId = site, Position = i, Since = TimeProvider.System.GetUtcNow(),
                }),
            ],
        },
    };

    private static GrainId IdOf(Guid id) => GrainId.Create(GrainType.Create("fleet-rollout"), GrainIdKeyExtensions.CreateGuidKey(id));

    private async Task<GrainState<FleetRolloutState>> BeginAsync(int sites)
    {
        var model = await database.StoreAsync(Rows.Model());
        var ids = new List<Guid>();
        for (var i = 0; i < sites; i++)
        {
            ids.Add((await database.StoreAsync(Rows.Site())).Id);
        }

        return await WriteAsync(New(Guid.NewGuid(), model, [.. ids]));
    }

    private async Task<GrainState<FleetRolloutState>> WriteAsync(GrainState<FleetRolloutState> state)
    {
        await database.Storage.WriteStateAsync(StateNames.FleetRollout, IdOf(state.State!.Row.Id), state);
        return state;
    }

    private async Task<GrainState<FleetRolloutState>> ReadAsync(Guid id)
    {
        var state = new GrainState<FleetRolloutState>();
        await database.Storage.ReadStateAsync(StateNames.FleetRollout, IdOf(id), state);
        return state;
    }
}
