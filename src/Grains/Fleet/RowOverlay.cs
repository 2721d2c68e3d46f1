using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansAiFleet.Fleet;

/// <summary>Lays columns that somebody changes over a row. Pure.</summary>
internal static class RowOverlay
{
    /// <summary>The row with the columns in it.</summary>
    /// <param name="before">The row of now.</param>
    /// <param name="fields">An object of column names and their new values.</param>
    /// <param name="judge">Why a column cannot be changed, or null.</param>
    /// <param name="after">The row, or the one of now where it is refused.</param>
    /// <returns>Why it cannot be, or null.</returns>
    public static Refusal? Apply<T>(T before, JsonText fields, Func<string, Refusal?> judge, out T after)
        where T : class
    {
        after = before;
        if (Parse(fields) is not { } asked)
        {
            return Refusal.Invalid("body", "The change must be a JSON object of column names and values.");
        }

        var whole = JsonSerializer.SerializeToNode(before, FleetJson.Options)!.AsObject();
        foreach (var (name, value) in asked)
        {
            if (judge(name) is { } refusal)
            {
                return whole.ContainsKey(name) ? refusal : Refusal.Invalid(name, $"There is no column {name}.");
            }

            whole[name] = value?.DeepClone();
        }

        try
        {
            after = whole.Deserialize<T>(FleetJson.Options)!;
            return null;
        }
        catch (JsonException exception)
        {
            var field = exception.Path?.TrimStart('$').TrimStart('.') ?? "";
            return Refusal.Invalid(field, $"'{field}' has a value that cannot be read.");
        }
    }

    private static JsonObject? Parse(JsonText fields)
    {
        try
        {
            var asked = JsonNode.Parse(fields.Value) as JsonObject;

            // Only here are the members looked at: a name that stands twice is an ArgumentException.
            _ = asked?.Count;
            return asked;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
