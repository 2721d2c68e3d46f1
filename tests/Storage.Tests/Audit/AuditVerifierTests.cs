using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Tests.Fleet;
using static OrleansAiFleet.Storage.Audit.AuditFaultKind;
using static OrleansAiFleet.Storage.Tests.Audit.SampleTrail;

namespace OrleansAiFleet.Storage.Tests.Audit;

public sealed class AuditVerifierTests : IAsyncLifetime
{
    private const string Row = "day = '2026-03-02' AND sequence = 3";

    private readonly FleetDatabase _database = new();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await FillAsync(_database);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Trail_as_it_was_written_is_clean_and_names_its_newest_head()
    {
        var (summary, faults) = await _database.VerifyAsync();

        Assert.Empty(faults);
        Assert.Equal((15L, 3L, true), (summary.Entries, summary.Days, summary.IsClean));
        Assert.Equal((Third, 5L), (summary.NewestHead!.Day, summary.NewestHead.Sequence));
    }

    [Theory]
    [InlineData("occurred_at = occurred_at + interval '1 microsecond'")]
    [InlineData("caller_kind = 'key'")]
    [InlineData("caller_id = NULL")]
    [InlineData("caller_name = 'eve'")]
    [InlineData("address = NULL")]
    [InlineData("request_id = 'other'")]
    [InlineData("action = 'sites.read'")]
    [InlineData("outcome = 'refused'")]
    [InlineData("target_type = NULL, target_id = NULL")]
    [InlineData("target_id = '4'")]
    [InlineData("site_id = '99999999-2222-3333-4444-555555555556'")]
    [InlineData("reason = ''")]
    [InlineData("before = after, after = before")]
    [InlineData("before = '{\"name\":\"Gate\"}'")]
    [InlineData("after = NULL")]
    [InlineData("previous_hash = sha256('x')")]
    public async Task Changed_row_is_named_and_no_other(string change)
    {
        await _database.TamperAsync($"UPDATE audit_entries SET {change} WHERE {Row}");

        Assert.Equal([(Second, 3L, ChangedContent)], await FaultsAsync());
    }

    [Fact]
    public async Task Row_with_another_hash_is_named_and_the_one_that_hangs_on_it()
    {
        await _database.TamperAsync($"UPDATE audit_entries SET hash = sha256('x') WHERE {Row}");

        Assert.Equal([(Second, 3L, ChangedContent), (Second, 4L, BrokenChain)], await FaultsAsync());
    }

    [Fact]
    public async Task Row_changed_together_with_its_hash_leaves_the_next_one_hanging()
    {
        var entry = (await _database.EntriesAsync()).Single(entry => (entry.Day, entry.Sequence) == (Second, 3)) with { CallerName = "eve" };
        await _database.TamperAsync(
            $"UPDATE audit_entries SET caller_name = 'eve', hash = decode('{entry.ComputeHash()}', 'hex') WHERE {Row}");

        Assert.Equal([(Second, 4L, BrokenChain)], await FaultsAsync());
    }

    [Fact]
    public async Task Row_taken_out_of_the_middle_is_missed()
    {
        await _database.TamperAsync($"DELETE FROM audit_entries WHERE {Row}");

        Assert.Equal([(Second, 3L, MissingRows)], await FaultsAsync());
    }

    [Fact]
    public async Task First_rows_of_the_whole_trail_are_missed()
    {
        await _database.TamperAsync("DELETE FROM audit_entries WHERE day = '2026-03-01' AND sequence < 3");

        Assert.Equal([(First, 1L, MissingRows)], await FaultsAsync());
    }

    [Theory]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-03")]
    public async Task Cut_off_end_of_a_day_is_missed(string day)
    {
        await _database.TamperAsync($"DELETE FROM audit_entries WHERE day = '{day}' AND sequence >= 4");

        Assert.Equal([(DateOnly.Parse(day, null), 4L, TailCutOff)], await FaultsAsync());
    }

    [Theory]
    [InlineData("2026-03-02")]
    [InlineData("2026-03-03")]
    public async Task Day_without_its_rows_is_missed(string day)
    {
        await _database.TamperAsync($"DELETE FROM audit_entries WHERE day = '{day}'");

        Assert.Equal([(DateOnly.Parse(day, null), 1L, TailCutOff)], await FaultsAsync());
    }

    [Fact]
    public async Task Day_taken_out_with_its_head_breaks_the_chain_of_the_next()
    {
        await _database.TamperAsync("DELETE FROM audit_entries WHERE day = '2026-03-02'; DELETE FROM audit_heads WHERE day = '2026-03-02'");

        Assert.Equal([(Third, 1L, BrokenChain)], await FaultsAsync());
    }

    [Fact]
    public async Task Row_put_behind_the_end_is_named()
    {
        var last = (await _database.EntriesAsync())[^1];
        await InsertAsync(6, last.Hash);

        Assert.Equal([(Third, 6L, InsertedRow)], await FaultsAsync());
    }

    [Fact]
    public async Task Row_put_between_two_is_told_by_all_that_were_moved_for_it()
    {
        await _database.TamperAsync("UPDATE audit_entries SET sequence = sequence + 100 WHERE day = '2026-03-03' AND sequence >= 4");
        await _database.TamperAsync("UPDATE audit_entries SET sequence = sequence - 99 WHERE sequence > 100");
        await InsertAsync(4, (await _database.EntriesAsync()).Single(entry => (entry.Day, entry.Sequence) == (Third, 3)).Hash);

        Assert.Equal(
            [(Third, 5L, ChangedContent), (Third, 5L, HeadMismatch), (Third, 6L, ChangedContent), (Third, 6L, InsertedRow)],
            await FaultsAsync());
    }

    [Fact]
    public async Task Moved_row_is_named_where_it_is_and_missed_where_it_was()
    {
        await _database.TamperAsync($"UPDATE audit_entries SET sequence = 9 WHERE {Row}");

        Assert.Equal(
            [(Second, 3L, MissingRows), (Second, 6L, MissingRows), (Second, 9L, ChangedContent), (Second, 9L, InsertedRow)],
            await FaultsAsync());
    }

    [Fact]
    public async Task Trail_that_was_chained_again_as_a_whole_has_no_signature_of_the_key()
    {
        await _database.TamperAsync($"UPDATE audit_entries SET caller_name = 'eve' WHERE {Row}");
        await _database.ChainAgainAsync(new HmacAuditSigner("a key that somebody else made for themselves"u8));

        Assert.Equal([(First, 5L, BadSignature), (Second, 5L, BadSignature), (Third, 5L, BadSignature)], await FaultsAsync());
    }

    [Fact]
    public async Task Head_moved_by_hand_has_a_bad_signature()
    {
        await _database.TamperAsync("DELETE FROM audit_entries WHERE day = '2026-03-03' AND sequence = 5");
        await _database.TamperAsync("""
            UPDATE audit_heads
            SET sequence = 4,
                hash = (SELECT hash FROM audit_entries WHERE day = '2026-03-03' AND sequence = 4)
            WHERE day = '2026-03-03'
            """);

        Assert.Equal([(Third, 4L, BadSignature)], await FaultsAsync());
    }

    [Fact]
    public async Task Head_of_another_hash_fits_neither_row_nor_signature()
    {
        await _database.TamperAsync("UPDATE audit_heads SET hash = sha256('x') WHERE day = '2026-03-02'");

        Assert.Equal([(Second, 5L, BadSignature), (Second, 5L, HeadMismatch)], await FaultsAsync());
    }

    [Fact]
    public async Task Day_whose_head_is_gone_is_named()
    {
        await _database.TamperAsync("DELETE FROM audit_heads WHERE day = '2026-03-02'");

        Assert.Equal([(Second, 5L, MissingHead)], await FaultsAsync());
    }

    [Fact]
    public async Task Days_asked_for_are_checked_against_the_head_before_them()
    {
        var (clean, none) = await _database.VerifyAsync(new(Second, Second));
        await _database.TamperAsync("DELETE FROM audit_entries WHERE day = '2026-03-01'; DELETE FROM audit_heads WHERE day = '2026-03-01'");
        var (_, faults) = await _database.VerifyAsync(new(Second, Second));

        Assert.Empty(none);
        Assert.Equal((5L, 1L), (clean.Entries, clean.Days));
        Assert.Equal([(Second, 1L, BrokenChain)], faults.Select(fault => (fault.Day, fault.Sequence, fault.Kind)));
    }

    [Fact]
    public async Task Empty_trail_is_clean()
    {
        await _database.TamperAsync("DELETE FROM audit_entries; DELETE FROM audit_heads");

        var (summary, faults) = await _database.VerifyAsync();

        Assert.Empty(faults);
        Assert.Equal((0L, 0L, null), (summary.Entries, summary.Days, summary.NewestHead));
    }

    [Fact]
    public async Task Fault_is_told_as_a_sentence_with_its_place()
    {
        await _database.TamperAsync($"UPDATE audit_entries SET caller_name = 'eve' WHERE {Row}");

        var (_, faults) = await _database.VerifyAsync();

        Assert.StartsWith("2026-03-02 row 3: changed content: ", Assert.Single(faults).ToString(), StringComparison.Ordinal);
    }

    private async Task<IEnumerable<(DateOnly Day, long Sequence, AuditFaultKind Kind)>> FaultsAsync() =>
        (await _database.VerifyAsync()).Faults.Select(fault => (fault.Day, fault.Sequence, fault.Kind));

    private Task InsertAsync(long sequence, string previous)
    {
        var entry = EntryOf(Third, sequence, previous);
        return _database.TamperAsync($"""
            INSERT INTO audit_entries
            SELECT day, {sequence}, occurred_at + ({sequence} - sequence) * interval '1 minute', caller_kind, caller_id, caller_name,
                address, request_id, '{entry.Action}', outcome, '{entry.TargetType}', '{entry.TargetId}', site_id, reason, before, after,
                decode('{previous}', 'hex'), decode('{entry.Hash}', 'hex')
            FROM audit_entries
            WHERE day = '2026-03-03' AND sequence = 1
            """);
    }
}
