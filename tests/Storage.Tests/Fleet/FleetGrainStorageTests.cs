using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Fleet;

public sealed class FleetGrainStorageTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private readonly FleetGrainStorage _storage = database.Storage;

    [Fact]
    public async Task Grain_without_a_row_has_an_empty_state()
    {
        var state = await ReadAsync<Site>(StateNames.Site, Guid.NewGuid());

        Assert.False(state.RecordExists);
        Assert.Null(state.ETag);
        Assert.Equal("", state.State!.Name);
    }

    [Fact]
    public async Task Written_state_is_the_row_and_is_read_back()
    {
        var site = Rows.Site();
        var written = await WriteAsync(StateNames.Site, site.Id, new GrainState<Site> { State = site });

        var read = await ReadAsync<Site>(StateNames.Site, site.Id);

        Assert.True(read.RecordExists);
        Assert.Equal(written.ETag, read.ETag);
        Assert.Equal(site.Name, read.State!.Name);
        Assert.NotEqual(default, read.State.CreatedAt);
        Assert.Equal(default, site.CreatedAt);
    }

    [Fact]
    public async Task Update_keeps_created_at_and_moves_updated_at()
    {
        var site = Rows.Site();
        var state = await WriteAsync(StateNames.Site, site.Id, new GrainState<Site> { State = site });
        var (created, updated) = (state.State!.CreatedAt, state.State.UpdatedAt);

        state.State = state.State with { TimeZone = "Europe/Oslo", CreatedAt = created.AddYears(1) };
        await WriteAsync(StateNames.Site, site.Id, state);

        Assert.Equal("Europe/Oslo", state.State.TimeZone);
        Assert.Equal(created, state.State.CreatedAt);
        Assert.True(state.State.UpdatedAt > updated);
    }

    [Fact]
    public async Task Second_of_two_writers_loses_and_is_told_which_row_and_versions()
    {
        var site = Rows.Site();
        await WriteAsync(StateNames.Site, site.Id, new GrainState<Site> { State = site });
        var one = await ReadAsync<Site>(StateNames.Site, site.Id);
        var other = await ReadAsync<Site>(StateNames.Site, site.Id);
        var read = other.ETag;
        await WriteAsync(StateNames.Site, site.Id, one);

        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(StateNames.Site, site.Id, other));

        Assert.Contains("sites", error.Message, StringComparison.Ordinal);
        Assert.Contains(site.Id.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(read, error.CurrentEtag);
        Assert.Equal(one.ETag, error.StoredEtag);
    }

    [Fact]
    public async Task Row_that_somebody_else_made_first_is_an_inconsistency()
    {
        var site = Rows.Site();
        await WriteAsync(StateNames.Site, site.Id, new GrainState<Site> { State = site });

        await Assert.ThrowsAsync<InconsistentStateException>(
            () => WriteAsync(StateNames.Site, site.Id, new GrainState<Site> { State = site with { Name = "another" } }));
    }

    [Fact]
    public async Task Row_deleted_underneath_is_an_inconsistency()
    {
        var site = Rows.Site();
        var state = await WriteAsync(StateNames.Site, site.Id, new GrainState<Site> { State = site });
        await database.ExecuteAsync("DELETE FROM sites WHERE id = $1", site.Id);

        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(StateNames.Site, site.Id, state));

        Assert.Equal("no row", error.StoredEtag);
    }

    [Fact]
    public async Task Of_twenty_parallel_writers_of_one_version_exactly_one_wins()
    {
        var site = Rows.Site();
        await WriteAsync(StateNames.Site, site.Id, new GrainState<Site> { State = site });
        var states = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync<Site>(StateNames.Site, site.Id)));

        var outcomes = await Task.WhenAll(states.Select(state => WinsAsync(site.Id, state)));

        Assert.Equal(1, outcomes.Count(won => won));
    }

    [Fact]
    public async Task Cleared_state_is_a_deleted_row()
    {
        var site = Rows.Site();
        var state = await WriteAsync(StateNames.Site, site.Id, new GrainState<Site> { State = site });

        await _storage.ClearStateAsync(StateNames.Site, IdOf(StateNames.Site, site.Id), state);

        Assert.False(state.RecordExists);
        Assert.False((await ReadAsync<Site>(StateNames.Site, site.Id)).RecordExists);
    }

    [Fact]
    public async Task Clearing_a_row_that_others_refer_to_is_a_conflict()
    {
        var site = await database.StoreAsync(Rows.Site());
        await database.StoreAsync(Rows.Camera(site));
        var state = await ReadAsync<Site>(StateNames.Site, site.Id);

        var error = await Assert.ThrowsAsync<FleetRefusedException>(
            () => _storage.ClearStateAsync(StateNames.Site, IdOf(StateNames.Site, site.Id), state));

        Assert.Equal(RefusalKind.Conflict, error.Kind);
    }

    [Fact]
    public async Task Taken_name_is_a_conflict_of_that_field()
    {
        var site = await database.StoreAsync(Rows.Site());

        await RefusedAsync(StateNames.Site, Rows.Site(site.Name), RefusalKind.Conflict, "name");
    }

    [Fact]
    public async Task Taken_name_and_version_is_a_conflict_that_names_both()
    {
        var model = await database.StoreAsync(Rows.Model());

        var error = await RefusedAsync(
            StateNames.Model, Rows.Model() with { Name = model.Name }, RefusalKind.Conflict, "version");

        Assert.Contains("name and version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task Camera_of_a_site_that_does_not_exist_is_refused() =>
        RefusedAsync(StateNames.Camera, Rows.Camera(Rows.Site()), RefusalKind.Invalid, "site_id");

    [Fact]
    public async Task Value_out_of_range_is_refused_by_field()
    {
        var site = await database.StoreAsync(Rows.Site());
        var model = await database.StoreAsync(Rows.Model());
        var deployment = Rows.Deployment(model, site);

        await RefusedAsync(StateNames.Camera, Rows.Camera(site) with { MotionThreshold = 0 }, RefusalKind.Invalid, "motion_threshold");
        await RefusedAsync(
            StateNames.Deployment, deployment with { ConfidenceThreshold = 1.5m }, RefusalKind.Invalid, "confidence_threshold");
        await RefusedAsync(StateNames.Deployment, deployment with { BatchSize = 0 }, RefusalKind.Invalid, "batch_size");
    }

    [Fact]
    public async Task Value_that_does_not_fit_its_column_is_refused_by_field()
    {
        await RefusedAsync(StateNames.Site, Rows.Site(new string('x', 256)), RefusalKind.Invalid, "name");
        await RefusedAsync(StateNames.Site, Rows.Site("a\0b"), RefusalKind.Invalid, "name");
        await RefusedAsync(
            StateNames.Model, Rows.Model() with { InferenceTimeMs = 123_456.7m }, RefusalKind.Invalid, "inference_time_ms");
        await RefusedAsync(
            StateNames.Model,
            Rows.Model() with { RegulatoryApprovals = new JsonText("{nonsense") },
            RefusalKind.Invalid,
            "regulatory_approvals");
    }

    [Fact]
    public Task Model_whose_stored_file_is_missing_is_refused() =>
        RefusedAsync(
            StateNames.Model,
            Rows.Model() with { ModelFilePath = $"sha256/{new string('0', 64)}" },
            RefusalKind.Invalid,
            "model_file_path");

    [Fact]
    public async Task State_name_of_another_type_is_a_clear_error()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync<Site>("elsewhere", Guid.NewGuid()));

        Assert.Contains("elsewhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_of_another_id_than_the_grains_is_an_error() =>
        await Assert.ThrowsAsync<ArgumentException>(
            () => WriteAsync(StateNames.Site, Guid.NewGuid(), new GrainState<Site> { State = Rows.Site() }));

    [Fact]
    public async Task Database_away_is_unavailable_and_back_is_well_again()
    {
        await using var postgres = await PrivatePostgres.CreateAsync();
        await using var services = FleetDatabase.Services(postgres.ConnectionStringOf("fleet"));
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        var storage = ActivatorUtilities.CreateInstance<FleetGrainStorage>(services);
        var site = Rows.Site();
        var state = new GrainState<Site> { State = site };
        await storage.WriteStateAsync(StateNames.Site, IdOf(StateNames.Site, site.Id), state);

        await postgres.StopAsync();
        var read = await Assert.ThrowsAsync<FleetRefusedException>(
            () => storage.ReadStateAsync(StateNames.Site, IdOf(StateNames.Site, site.Id), new GrainState<Site>()));
        var write = await Assert.ThrowsAsync<FleetRefusedException>(
            () => storage.WriteStateAsync(StateNames.Site, IdOf(StateNames.Site, site.Id), state));
        await postgres.StartAsync();
        await storage.WriteStateAsync(StateNames.Site, IdOf(StateNames.Site, site.Id), state);

        Assert.Equal(RefusalKind.Unavailable, read.Kind);
        Assert.Equal(RefusalKind.Unavailable, write.Kind);
    }

    private static GrainId IdOf(string type, Guid key) => GrainId.Create(GrainType.Create(type), GrainIdKeyExtensions.CreateGuidKey(key));

    private async Task<GrainState<T>> ReadAsync<T>(string name, Guid id)
    {
        var state = new GrainState<T>();
        await _storage.ReadStateAsync(name, IdOf(name, id), state);
        return state;
    }

    private async Task<GrainState<T>> WriteAsync<T>(string name, Guid id, GrainState<T> state)
    {
        await _storage.WriteStateAsync(name, IdOf(name, id), state);
        return state;
    }

    private async Task<bool> WinsAsync(Guid id, GrainState<Site> state)
    {
        try
        {
            await WriteAsync(StateNames.Site, id, state);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private async Task<FleetRefusedException> RefusedAsync<T>(string name, T row, RefusalKind kind, string field)
    {
        var id = (Guid)typeof(T).GetProperty("Id")!.GetValue(row)!;
        var error = await Assert.ThrowsAsync<FleetRefusedException>(
            () => WriteAsync(name, id, new GrainState<T> { State = row }));
        Assert.Equal((kind, field), (error.Kind, error.Field));
        Assert.False((await ReadAsync<T>(name, id)).RecordExists);
        return error;
    }
}
