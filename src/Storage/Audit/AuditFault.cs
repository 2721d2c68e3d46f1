using System.Globalization;
using System.Text.Json;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>What is wrong with the trail at one place.</summary>
public enum AuditFaultKind
{
    /// <summary>A row is not as it was written.</summary>
    ChangedContent,

    /// <summary>Rows between two others are gone.</summary>
    MissingRows,

    /// <summary>A row stands where the signed head says that none is.</summary>
    InsertedRow,

    /// <summary>A row was written behind another one than stands before it.</summary>
    BrokenChain,

    /// <summary>A day has rows and no head.</summary>
    MissingHead,

    /// <summary>A day's head names another hash than its row has.</summary>
    HeadMismatch,

    /// <summary>A head was not signed by this key.</summary>
    BadSignature,

    /// <summary>The last rows of a day are gone.</summary>
    TailCutOff,

    /// <summary>A head that was noted outside the database is not in it.</summary>
    GoneBack,
}

/// <summary>A fault and its place.</summary>
/// <param name="Day">UTC day.</param>
/// <param name="Sequence">Number of the row in its day; of missing rows the first.</param>
/// <param name="Kind">What kind of fault.</param>
/// <param name="Detail">What is wrong, as half a sentence.</param>
public sealed record AuditFault(DateOnly Day, long Sequence, AuditFaultKind Kind, string Detail)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Day:yyyy-MM-dd} row {Sequence}: {JsonNamingPolicy.SnakeCaseLower.ConvertName(Kind.ToString()).Replace('_', ' ')}: {Detail}");
}

/// <summary>What a verification found.</summary>
/// <param name="Entries">Rows read.</param>
/// <param name="Days">Days that have rows or a head.</param>
/// <param name="Faults">Faults found.</param>
/// <param name="NewestHead">The last head of the range; compare it with what was noted elsewhere.</param>
public sealed record AuditSummary(long Entries, long Days, long Faults, AuditHead? NewestHead)
{
    public bool IsClean => Faults == 0;
}
