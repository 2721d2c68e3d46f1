using System.Text.Json;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Audit;

/// <summary>Reads the trail of a test.</summary>
internal static class AuditReading
{
    /// <summary>All entries, oldest first.</summary>
    public static async Task<List<AuditEntry>> EntriesAsync(this FleetDatabase database)
    {
        var entries = new List<AuditEntry>();
        await foreach (var entry in database.Get<AuditQueries>().ReadAllAsync(new(), CancellationToken.None))
        {
            entries.Insert(0, entry);
        }

        return entries;
    }

    /// <summary>Entries of one row, oldest first.</summary>
    public static async Task<List<AuditEntry>> EntriesOfAsync(this FleetDatabase database, Guid id) =>
        [.. (await database.EntriesAsync()).Where(entry => entry.TargetId == id.ToString())];

    public static async Task<(AuditSummary Summary, List<AuditFault> Faults)> VerifyAsync(
        this FleetDatabase database, AuditDays? days = null)
    {
        var faults = new List<AuditFault>();
        var summary = await database.Get<AuditVerifier>().VerifyAsync(days ?? new(), faults.Add, CancellationToken.None);
        Assert.Equal(faults.Count, summary.Faults);
        return (summary, faults);
    }

    /// <summary>A column of the row after the change, as text.</summary>
    public static string? Column(this AuditEntry entry, string name)
    {
        using var row = JsonDocument.Parse(entry.After!.Value.Value);
        return row.RootElement.GetProperty(name).ToString();
    }
}
