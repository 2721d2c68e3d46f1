using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Tests.Fleet;
using static OrleansAiFleet.Storage.Tests.Audit.SampleTrail;

namespace OrleansAiFleet.Storage.Tests.Audit;

public sealed class AuditHeadNoteTests : IAsyncLifetime
{
    private readonly FleetDatabase _database = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"fleet-audit-{Guid.NewGuid():N}");

    private AuditHeadNote Note => new(Path.Combine(_folder, "sub", "audit.head"));

    private AuditVerifier Verifier => new(_database.Database, _database.Get<IAuditSigner>(), Note);

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await FillAsync(_database);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Rows_taken_off_the_end_with_an_older_signed_head_put_back_are_seen_by_the_note_alone()
    {
        await NoteAsync();
        await TakeOffTheEndAsync();

        var (unnoted, _) = await _database.VerifyAsync();
        var faults = await FaultsAsync(new());

        Assert.True(unnoted.IsClean);
        Assert.Equal([(Third, 5L, AuditFaultKind.GoneBack)], faults);
    }

    [Fact]
    public async Task Last_day_taken_out_with_its_head_is_seen_by_the_note_alone()
    {
        await NoteAsync();
        await _database.TamperAsync("DELETE FROM audit_entries WHERE day = '2026-03-03'; DELETE FROM audit_heads WHERE day = '2026-03-03'");

        var (unnoted, _) = await _database.VerifyAsync();

        Assert.True(unnoted.IsClean);
        Assert.Equal([(Third, 5L, AuditFaultKind.GoneBack)], await FaultsAsync(new()));
        Assert.Equal([(Third, 5L, AuditFaultKind.GoneBack)], await FaultsAsync(new(Third, Third)));
        Assert.Empty(await FaultsAsync(new(First, Second)));
    }

    [Fact]
    public async Task Note_moves_on_with_the_trail_and_fits_it()
    {
        var first = await NoteAsync();
        var last = (await _database.EntriesAsync())[^1];
        var next = EntryOf(Third, 6, last.Hash);
        await InsertAsync(_database, [next], AuditHead.Of(next, _database.Get<IAuditSigner>()));

        var second = await NoteAsync();

        Assert.Equal((null, null), (first, second));
        Assert.Equal((Third, 6L, next.Hash), (Note.Read()!.Day, Note.Read()!.Sequence, Note.Read()!.Hash));
        Assert.Empty(await FaultsAsync(new()));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Note.Path)!));
    }

    [Fact]
    public async Task Trail_that_went_back_and_grew_again_is_told_and_never_noted()
    {
        await NoteAsync();
        await TakeOffTheEndAsync();
        var shorter = await NoteAsync();
        for (var sequence = 4; sequence <= 7; sequence++)
        {
            var grown = EntryOf(Third, sequence, (await _database.EntriesAsync())[^1].Hash) with { CallerName = "eve" };
            grown = grown with { Hash = grown.ComputeHash() };
            await InsertAsync(_database, [grown], AuditHead.Of(grown, _database.Get<IAuditSigner>()));
        }

        var grownAgain = await NoteAsync();

        Assert.Contains("2026-03-03 row 5", shorter, StringComparison.Ordinal);
        Assert.Equal(shorter, grownAgain);
        Assert.Equal((Third, 5L), (Note.Read()!.Day, Note.Read()!.Sequence));
        Assert.True((await _database.VerifyAsync()).Summary.IsClean);
        Assert.Equal([(Third, 5L, AuditFaultKind.GoneBack)], await FaultsAsync(new()));
    }

    [Fact]
    public async Task Head_that_the_key_did_not_sign_is_told_and_not_noted()
    {
        await _database.ChainAgainAsync(new HmacAuditSigner("a key that somebody else made for themselves"u8));

        var fault = await NoteAsync();

        Assert.Contains("was not signed with key", fault, StringComparison.Ordinal);
        Assert.Null(Note.Read());
    }

    [Fact]
    public async Task Emptied_trail_is_told()
    {
        await NoteAsync();
        await _database.TamperAsync("DELETE FROM audit_entries; DELETE FROM audit_heads");

        Assert.NotNull(await NoteAsync());
        Assert.Equal([(Third, 5L, AuditFaultKind.GoneBack)], await FaultsAsync(new()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-03 five abc key")]
    [InlineData("yesterday 5 abc key")]
    public void File_that_holds_no_head_is_named(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Note.Path)!);
        File.WriteAllText(Note.Path, content);

        var error = Assert.Throws<InvalidOperationException>(() => Note.Read());

        Assert.Contains(Note.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Note_lies_beside_the_key_unless_said_otherwise()
    {
        var key = Path.Combine(_folder, "audit.key");

        Assert.Equal(Path.Combine(_folder, "audit.head"), new AuditOptions { KeyFile = key }.CreateNote().Path);
        Assert.Equal(
            Path.Combine(_folder, "other"), new AuditOptions { KeyFile = key, HeadFile = Path.Combine(_folder, "other") }.CreateNote().Path);
    }

    private async Task<string?> NoteAsync()
    {
        var log = new AuditHeadLog(
            Verifier,
            Note,
            _database.Get<IAuditSigner>(),
            Options.Create(new AuditOptions()),
            TimeProvider.System,
            NullLogger<AuditHeadLog>.Instance);
        return (await log.NoteAsync(CancellationToken.None)).Fault;
    }

    // Whoever saw the head of row 3 while it was the newest has it, well signed.
    private async Task TakeOffTheEndAsync()
    {
        var third = (await _database.EntriesAsync()).Single(entry => (entry.Day, entry.Sequence) == (Third, 3));
        var head = AuditHead.Of(third, _database.Get<IAuditSigner>());
        await _database.TamperAsync($"""
            DELETE FROM audit_entries WHERE day = '2026-03-03' AND sequence > 3;
            UPDATE audit_heads
            SET sequence = 3,
                hash = decode('{head.Hash}', 'hex'),
                signature = decode('{Convert.ToHexStringLower(head.Signature)}', 'hex')
            WHERE day = '2026-03-03'
            """);
    }

    private async Task<IEnumerable<(DateOnly Day, long Sequence, AuditFaultKind Kind)>> FaultsAsync(AuditDays days)
    {
        var faults = new List<AuditFault>();
        await Verifier.VerifyAsync(days, faults.Add, CancellationToken.None);
        return faults.Select(fault => (fault.Day, fault.Sequence, fault.Kind));
    }
}
