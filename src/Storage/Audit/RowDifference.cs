using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansAiFleet.Audit;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>What changed in a row, out of how the database wrote it before and after. Pure.</summary>
internal static class RowDifference
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The record of a change, or null where nothing changed that counts.</summary>
    /// <param name="table">The row's table.</param>
    /// <param name="id">Its key.</param>
    /// <param name="before">The row as a JSON object, null where it was not there.</param>
    /// <param name="after">The row as a JSON object, null where it is gone.</param>
    /// <param name="action">What it is called; null: by table and kind.</param>
    public static AuditRecord? Of(string table, string id, string? before, string? after, string? action)
    {
        using var old = before is null ? null : JsonDocument.Parse(before);
        using var now = after is null ? null : JsonDocument.Parse(after);
        var changed = old is not null && now is not null ? Changed(old.RootElement, now.RootElement) : null;
        return changed is { Count: 0 } || (old ?? now) is null
            ? null
            : new()
            {
                Action = action ?? $"{table}.{(old is null ? "create" : now is null ? "delete" : "update")}",
                TargetType = table,
                TargetId = id,
                SiteId = SiteOf(table, (now ?? old)!.RootElement),
                Before = old is null ? null : Write(table, old.RootElement, changed),
                After = now is null ? null : Write(table, now.RootElement, changed),
            };
    }

    // Both were written by the same server in the same session: equal values have equal spellings.
    private static HashSet<string> Changed(JsonElement old, JsonElement now) =>
    [
        .. now.EnumerateObject()
            .Where(column => AuditPolicy.Counts(column.Name))
            .Where(column => !old.TryGetProperty(column.Name, out var was) || was.GetRawText() != column.Value.GetRawText())
            .Select(column => column.Name),
    ];

    private static Guid? SiteOf(string table, JsonElement row) =>
        row.TryGetProperty(table == "sites" ? "id" : "site_id", out var site)
        && site.ValueKind == JsonValueKind.String
        && site.TryGetGuid(out var id)
            ? id
            : null;

    private static string Write(string table, JsonElement row, HashSet<string>? columns)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            foreach (var column in row.EnumerateObject().Where(column => columns?.Contains(column.Name) is not false))
            {
                json.WritePropertyName(column.Name);
                WriteValue(json, table, column.Name, column.Value, nested: false);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // What people put into JSON has names and addresses too: a destination with its password, a header with its token.
    private static void WriteValue(Utf8JsonWriter json, string table, string name, JsonElement value, bool nested)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                json.WriteNullValue();
                break;
            case var _ when AuditPolicy.IsSecret(table, name):
                json.WriteStringValue(AuditPolicy.Mask);
                break;
            case JsonValueKind.String when AuditPolicy.IsAddress(name) || (nested && AuditPolicy.HasAddress(value.GetString()!)):
                json.WriteStringValue(AuditPolicy.MaskAddress(value.GetString()!));
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    json.WritePropertyName(property.Name);
                    WriteValue(json, table, property.Name, property.Value, nested: true);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteValue(json, table, name, item, nested: true);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteRawValue(value.GetRawText());
                break;
        }
    }
}
