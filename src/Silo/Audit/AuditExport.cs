using System.Globalization;
using System.Text;
using System.Text.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Audit;

namespace OrleansAiFleet.Silo.Audit;

/// <summary>How an export is written.</summary>
public enum AuditFormat
{
    /// <summary>One JSON object a line.</summary>
    Ndjson = 0,

    /// <summary>Comma-separated with a header line (RFC 4180).</summary>
    Csv = 1,
}

/// <summary>Writes entries as they are read; memory does not grow with their number.</summary>
internal sealed class AuditExport(IAsyncEnumerable<AuditEntry> entries, AuditFormat format) : IResult
{
    private const int FlushBytes = 64 * 1024;

    private const string CsvHeader =
        "day,sequence,occurred_at,caller_kind,caller_id,caller_name,address,request_id,action,outcome,target_type,target_id,"
        + "site_id,reason,before,after,previous_hash,hash\r\n";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var gone = httpContext.RequestAborted;
        var response = httpContext.Response;
        await using var rows = entries.GetAsyncEnumerator(gone);

        // The first row before the first byte: while nothing is sent a failure is still an answer of its own.
        var more = await rows.MoveNextAsync();
        response.ContentType = format == AuditFormat.Csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=audit.{(format == AuditFormat.Csv ? "csv" : "ndjson")}";
        var text = new StringBuilder(format == AuditFormat.Csv ? CsvHeader : "");
        while (more)
        {
            text.Append(format == AuditFormat.Csv ? CsvLine(rows.Current) : JsonLine(rows.Current));
            if (text.Length >= FlushBytes)
            {
                await response.WriteAsync(text.ToString(), gone);
                text.Clear();
            }

            more = await rows.MoveNextAsync();
        }

        await response.WriteAsync(text.ToString(), gone);
    }

    private static string JsonLine(AuditEntry entry) => JsonSerializer.Serialize(entry, FleetJson.Options) + "\n";

    private static string CsvLine(AuditEntry entry) => string.Join(',', new[]
    {
        entry.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        entry.Sequence.ToString(CultureInfo.InvariantCulture),
        entry.OccurredAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        entry.CallerKind,
        entry.CallerId?.ToString("D"),
        entry.CallerName,
        entry.Address,
        entry.RequestId,
        entry.Action,
        entry.Outcome,
        entry.TargetType,
        entry.TargetId,
        entry.SiteId?.ToString("D"),
        entry.Reason,
        entry.Before?.Value,
        entry.After?.Value,
        entry.PreviousHash,
        entry.Hash,
    }.Select(Quoted)) + "\r\n";

    // A spreadsheet takes a cell that begins so for a formula: names in the trail come from whoever tried something.
    private static string Quoted(string? text)
    {
        var cell = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text ?? "";
        return cell.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
