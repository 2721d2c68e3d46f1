namespace OrleansAiFleet.Storage.Audit;

/// <summary>Where the next entry goes. Pure.</summary>
/// <param name="Day">Its day.</param>
/// <param name="Sequence">Its number in the day.</param>
/// <param name="Time">When it happened.</param>
/// <param name="PreviousHash">Hash of the entry before.</param>
internal sealed record AuditPlace(DateOnly Day, long Sequence, DateTimeOffset Time, string PreviousHash)
{
    /// <summary>The place behind the newest head, or the very first one. A clock that was set back begins no earlier day.</summary>
    public static AuditPlace Behind((DateOnly Day, long Sequence, string Hash)? head, DateTimeOffset time)
    {
        var today = DateOnly.FromDateTime(time.UtcDateTime);
        return head is not { } newest
            ? new(today, 1, time, AuditEntry.NoHash)
            : newest.Day >= today
                ? new(newest.Day, newest.Sequence + 1, time, newest.Hash)
                : new(today, 1, time, newest.Hash);
    }

    /// <summary>The place behind an entry of the same append.</summary>
    public AuditPlace After(AuditEntry entry) => this with { Sequence = entry.Sequence + 1, PreviousHash = entry.Hash };
}
