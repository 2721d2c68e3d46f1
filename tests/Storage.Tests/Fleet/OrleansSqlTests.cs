using Npgsql;

namespace OrleansAiFleet.Storage.Tests.Fleet;

/// <summary>The statements Orleans runs, against its contract, where silos race.</summary>
public sealed class OrleansSqlTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly string[] Keys =
    [
        "CleanupDefunctSiloEntriesKey", "ClearStorageKey", "DeleteMembershipTableEntriesKey", "DeleteReminderRowKey",
        "DeleteReminderRowsKey", "DeleteStorageKey", "GatewaysQueryKey", "InsertMembershipKey", "InsertMembershipVersionKey",
        "MembershipReadAllKey", "MembershipReadRowKey", "ReadFromStorageKey", "ReadRangeRows1Key", "ReadRangeRows2Key",
        "ReadReminderRowKey", "ReadReminderRowsKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey", "UpsertReminderRowKey",
        "WriteToStorageKey",
    ];

    private readonly string _cluster = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Every_query_of_the_contract_is_there()
    {
        await using var command = database.Database.CreateCommand("SELECT array_agg(QueryKey::text) FROM OrleansQuery");

        var keys = (string[])(await command.ExecuteScalarAsync())!;

        Assert.Equal(Keys, keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Version_row_is_made_once_however_many_ask()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ScalarAsync("InsertMembershipVersionKey")));

        Assert.Equal(1, made.Sum());
    }

    [Fact]
    public async Task Of_parallel_silos_at_one_version_exactly_one_joins()
    {
        await ScalarAsync("InsertMembershipVersionKey");

        var joined = await Task.WhenAll(Enumerable.Range(1, 16).Select(port => JoinAsync(port, version: 0)));

        Assert.Equal(1, joined.Sum());
        Assert.Equal((1, 1), await StateAsync());
    }

    [Fact]
    public async Task Silo_that_is_there_already_leaves_the_version_alone()
    {
        await ScalarAsync("InsertMembershipVersionKey");
        await JoinAsync(port: 1, version: 0);

        Assert.Equal(0, await JoinAsync(port: 1, version: 1));
        Assert.Equal((1, 1), await StateAsync());
    }

    [Fact]
    public async Task Of_parallel_updates_at_one_version_exactly_one_counts()
    {
        await ScalarAsync("InsertMembershipVersionKey");
        await JoinAsync(port: 1, version: 0);

        var updated = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => UpdateAsync(port: 1, version: 1)));

        Assert.Equal(1, updated.Sum());
        Assert.Equal((2, 1), await StateAsync());
        Assert.Equal(0, await UpdateAsync(port: 9, version: 2));
        Assert.Equal((2, 1), await StateAsync());
    }

    [Fact]
    public async Task Empty_cluster_still_has_a_row_with_its_version()
    {
        await ScalarAsync("InsertMembershipVersionKey");

        await using var command = await CommandAsync("MembershipReadAllKey");
        await using var row = await command.ExecuteReaderAsync();

        Assert.True(await row.ReadAsync());
        Assert.True(row.IsDBNull(row.GetOrdinal("Address")));
        Assert.Equal(0, row.GetInt32(row.GetOrdinal("Version")));
        Assert.False(await row.ReadAsync());
    }

    [Fact]
    public async Task Cleanup_takes_old_silos_that_are_not_active()
    {
        await ScalarAsync("InsertMembershipVersionKey");
        await JoinAsync(port: 1, version: 0, status: 6);
        await JoinAsync(port: 2, version: 1, status: 3);

        await using var cleanup = await CommandAsync("CleanupDefunctSiloEntriesKey", ("IAmAliveTime", DateTime.UnixEpoch.AddYears(90)));

        Assert.Equal(1, await cleanup.ExecuteNonQueryAsync());
        Assert.Equal((2, 1), await StateAsync());
        await using var delete = await CommandAsync("DeleteMembershipTableEntriesKey");
        await delete.ExecuteNonQueryAsync();
        await using var read = await CommandAsync("MembershipReadAllKey");
        Assert.Null(await read.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("extension")]
    public async Task Of_parallel_first_writes_of_a_state_exactly_one_counts_and_stale_ones_lose(string? extension)
    {
        var first = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => WriteAsync(extension, version: null)));
        Assert.Equal([1], first.Where(version => version is not null).Select(version => version!.Value));

        var second = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => WriteAsync(extension, version: 1)));
        Assert.Equal([2], second.Where(version => version is not null).Select(version => version!.Value));

        Assert.Null(await StorageAsync("ClearStorageKey", extension, ("GrainStateVersion", 1)));
        Assert.Equal(3, await StorageAsync("ClearStorageKey", extension, ("GrainStateVersion", 2)));
        Assert.Null(await StorageAsync("DeleteStorageKey", extension, ("GrainStateVersion", 2)));
        Assert.Equal(4, await StorageAsync("DeleteStorageKey", extension, ("GrainStateVersion", 3)));
    }

    [Fact]
    public async Task Reminder_counts_its_versions_and_is_found_by_ranges()
    {
        Assert.Equal(0, await UpsertReminderAsync(hash: -5));
        Assert.Equal(1, await UpsertReminderAsync(hash: -5));

        Assert.Equal(1, await CountAsync("ReadRangeRows1Key", -6, -5));
        Assert.Equal(0, await CountAsync("ReadRangeRows1Key", -5, 0));
        Assert.Equal(1, await CountAsync("ReadRangeRows2Key", 100, -5));
        Assert.Equal(0, await CountAsync("ReadRangeRows2Key", 100, -6));
        Assert.Equal(0, await DeleteReminderAsync(version: 0));
        Assert.Equal(1, await DeleteReminderAsync(version: 1));
    }

    private Task<int> JoinAsync(int port, int version, int status = 3) => ScalarAsync(
        "InsertMembershipKey",
        ("Address", "127.0.0.1"),
        ("Port", port),
        ("Generation", 1),
        ("SiloName", "silo"),
        ("HostName", "host"),
        ("Status", status),
        ("ProxyPort", 30000 + port),
        ("StartTime", DateTime.UnixEpoch),
        ("IAmAliveTime", DateTime.UnixEpoch),
        ("Version", version));

    private Task<int> UpdateAsync(int port, int version) => ScalarAsync(
        "UpdateMembershipKey",
        ("Address", "127.0.0.1"),
        ("Port", port),
        ("Generation", 1),
        ("Status", 4),
        ("SuspectTimes", ""),
        ("IAmAliveTime", DateTime.UnixEpoch),
        ("Version", version));

    private Task<int?> WriteAsync(string? extension, int? version) => StorageAsync(
        "WriteToStorageKey", extension, ("GrainStateVersion", version), ("PayloadBinary", new byte[] { 1, 2, 3 }));

    private async Task<int?> StorageAsync(string key, string? extension, params (string Name, object? Value)[] values)
    {
        await using var command = await CommandAsync(
            key,
            [
                ("GrainIdHash", 1), ("GrainTypeHash", 2), ("GrainIdN0", 3L), ("GrainIdN1", 4L), ("GrainTypeString", "note"),
                ("GrainIdExtensionString", extension), ("ServiceId", _cluster), .. values,
            ]);
        return (int?)await command.ExecuteScalarAsync();
    }

    private Task<int> UpsertReminderAsync(int hash) => ScalarAsync(
        "UpsertReminderRowKey",
        ("ServiceId", _cluster),
        ("GrainId", "g"),
        ("ReminderName", "r"),
        ("StartTime", DateTime.UnixEpoch),
        ("Period", 60_000L),
        ("GrainHash", hash));

    private Task<int> DeleteReminderAsync(int version) => ScalarAsync(
        "DeleteReminderRowKey",
        ("ServiceId", _cluster),
        ("GrainId", "g"),
        ("ReminderName", "r"),
        ("Version", version));

    private async Task<int> CountAsync(string key, int begin, int end)
    {
        await using var command = await CommandAsync(key, ("ServiceId", _cluster), ("BeginHash", begin), ("EndHash", end));
        await using var row = await command.ExecuteReaderAsync();
        var count = 0;
        while (await row.ReadAsync())
        {
            count++;
        }

        return count;
    }

    private async Task<int> ScalarAsync(string key, params (string Name, object? Value)[] values)
    {
        await using var command = await CommandAsync(key, values);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private async Task<(int Version, int Silos)> StateAsync()
    {
        await using var command = await CommandAsync("MembershipReadAllKey");
        await using var row = await command.ExecuteReaderAsync();
        var (version, silos) = (-1, 0);
        while (await row.ReadAsync())
        {
            version = row.GetInt32(row.GetOrdinal("Version"));
            silos++;
        }

        return (version, silos);
    }

    private async Task<NpgsqlCommand> CommandAsync(string key, params (string Name, object? Value)[] values)
    {
        await using var find = database.Database.CreateCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = $1");
        find.Parameters.Add(new() { Value = key });
        var command = database.Database.CreateCommand((string)(await find.ExecuteScalarAsync())!);
        command.Parameters.AddWithValue("DeploymentId", _cluster);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
