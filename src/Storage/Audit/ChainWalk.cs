using System.Globalization;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>
/// Walks along the trail, entry by entry in order, and tells every fault where it stands. Pure. A fault is told once: what
/// follows is measured by the row as it stands.
/// </summary>
/// <param name="heads">The heads of the days walked, in order.</param>
/// <param name="previousHash">Hash of what comes before the first of these days.</param>
/// <param name="signer">Has the key.</param>
/// <param name="noted">The head that was noted outside the database, where it is of these days.</param>
/// <param name="found">Is told each fault.</param>
internal sealed class ChainWalk(
    IReadOnlyList<AuditHead> heads, string previousHash, IAuditSigner signer, AuditHead? noted, Action<AuditFault> found)
{
    private readonly Queue<AuditHead> _heads = new(heads);
    private string _previousHash = previousHash;
    private DateOnly? _day;
    private AuditHead? _head;
    private long _next;
    private bool _notedStands;

    public long Entries { get; private set; }

    public long Days { get; private set; }

    public long Faults { get; private set; }

    public AuditSummary Summary => new(Entries, Days, Faults, heads.Count > 0 ? heads[^1] : null);

    public void Add(AuditEntry entry)
    {
        Entries++;
        if (entry.Day != _day)
        {
            CloseDay();
            OpenDay(entry.Day);
        }

        var follows = CheckSequence(entry);
        if (entry.ComputeHash() != entry.Hash)
        {
            Tell(entry, AuditFaultKind.ChangedContent, "its content does not have the hash that was stored with it");
        }
        else if (follows && entry.PreviousHash != _previousHash)
        {
            Tell(entry, AuditFaultKind.BrokenChain, "it was not written behind the row before it");
        }

        CheckHead(entry);
        _notedStands |= (entry.Day, entry.Sequence, entry.Hash) == (noted?.Day, noted?.Sequence, noted?.Hash);
        _previousHash = entry.Hash;
        _next = Math.Max(_next, entry.Sequence + 1);
    }

    /// <summary>After the last entry.</summary>
    public void End()
    {
        CloseDay();
        while (_heads.Count > 0)
        {
            TellMissingDay(_heads.Dequeue());
        }

        if (noted is not null && !_notedStands)
        {
            Tell(noted.Day, noted.Sequence, AuditFaultKind.GoneBack, $"it was noted outside the database with hash {noted.Hash} and is not there");
        }
    }

    private void OpenDay(DateOnly day)
    {
        SkipDaysBefore(day);
        Days++;
        _day = day;
        _next = 1;
        _head = _heads.TryPeek(out var head) && head.Day == day ? _heads.Dequeue() : null;
        if (_head is not null)
        {
            CheckSignature(_head);
        }
    }

    private void CloseDay()
    {
        if (_day is not { } day)
        {
            return;
        }

        _day = null;
        if (_head is null)
        {
            Tell(day, _next - 1, AuditFaultKind.MissingHead, "its day has no signed head");
            return;
        }

        if (_head.Sequence >= _next)
        {
            Tell(day, _next, AuditFaultKind.TailCutOff, $"rows {Range(_next, _head.Sequence)} are gone: the signed head is row {_head.Sequence}");
            _previousHash = _head.Hash;
        }
        else if (_head.IsSignedBy(signer))
        {
            // The next day was begun behind the head, whatever was put behind it since.
            _previousHash = _head.Hash;
        }
    }

    private void SkipDaysBefore(DateOnly day)
    {
        while (_heads.TryPeek(out var head) && head.Day < day)
        {
            TellMissingDay(_heads.Dequeue());
        }
    }

    private void TellMissingDay(AuditHead head)
    {
        Days++;
        CheckSignature(head);
        Tell(head.Day, 1, AuditFaultKind.TailCutOff, $"rows {Range(1, head.Sequence)} are gone: the day has its head and no row");
        _previousHash = head.Hash;
    }

    // Whether the row stands directly behind the one before: what is behind a gap proves nothing more.
    private bool CheckSequence(AuditEntry entry)
    {
        if (entry.Sequence > _next)
        {
            Tell(entry.Day, _next, AuditFaultKind.MissingRows, $"rows {Range(_next, entry.Sequence - 1)} are gone");
            return false;
        }

        if (entry.Sequence < _next)
        {
            Tell(entry, AuditFaultKind.InsertedRow, "no row of a day has this number");
        }

        return true;
    }

    private void CheckHead(AuditEntry entry)
    {
        if (_head is null)
        {
            return;
        }

        if (entry.Sequence == _head.Sequence && entry.Hash != _head.Hash)
        {
            Tell(entry, AuditFaultKind.HeadMismatch, "the signed head of its day has another hash");
        }
        else if (entry.Sequence > _head.Sequence)
        {
            Tell(entry, AuditFaultKind.InsertedRow, $"the signed head of its day is row {_head.Sequence}");
        }
    }

    private void CheckSignature(AuditHead head)
    {
        if (!head.IsSignedBy(signer))
        {
            Tell(
                head.Day,
                head.Sequence,
                AuditFaultKind.BadSignature,
                head.KeyId == signer.KeyId
                    ? "the head of its day was not signed with the key"
                    : $"the head of its day was signed with key {head.KeyId}; the key here is {signer.KeyId}");
        }
    }

    private void Tell(AuditEntry entry, AuditFaultKind kind, string detail) => Tell(entry.Day, entry.Sequence, kind, detail);

    private void Tell(DateOnly day, long sequence, AuditFaultKind kind, string detail)
    {
        Faults++;
        found(new(day, sequence, kind, detail));
    }

    private static string Range(long first, long last) => string.Create(
        CultureInfo.InvariantCulture, $"{first} to {last}");
}
