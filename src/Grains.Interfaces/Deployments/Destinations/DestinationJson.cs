using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>The column <c>output_destinations</c> as records, and as people may see it. Pure.</summary>
public static class DestinationJson
{
    /// <summary>Members that hold a secret.</summary>
    public static IReadOnlyList<string> SecretMembers { get; } = ["secret", "previous_secret", "password"];

    // PostgreSQL gives the members of an object back in an order of its own.
    private static readonly JsonSerializerOptions Options = new(FleetJson.Options) { AllowOutOfOrderMetadataProperties = true };

    /// <summary>What stands beside a secret's place in an answer: <c>secret_set</c>.</summary>
    public static string FlagOf(string member) => member + "_set";

    /// <summary>The destinations of a stored row; none where it has none, or has something that was never checked.</summary>
    public static IReadOnlyList<OutputDestination> Read(JsonText? stored)
    {
        try
        {
            return stored is { } json ? JsonSerializer.Deserialize<OutputDestination[]>(json.Value, Options) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The column for these destinations; null for none.</summary>
    public static JsonText? Write(IReadOnlyCollection<OutputDestination> destinations)
    {
        ArgumentNullException.ThrowIfNull(destinations);
        return destinations.Count == 0 ? null : new(JsonSerializer.Serialize(destinations, Options));
    }

    /// <summary>The column with every secret changed; what cannot be read stays as it is.</summary>
    public static JsonText? WithSecrets(JsonText? stored, Func<string, string?> change) =>
        Read(stored) is { Count: > 0 } destinations ? Write([.. destinations.Select(each => each.WithSecrets(change))]) : stored;

    /// <summary>What somebody gave, not checked yet, with every text in a secret's place changed; all else stays as it was given.</summary>
    public static JsonText? WithGivenSecrets(JsonText? given, Func<string, string?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        try
        {
            if (given is not { } json || JsonNode.Parse(json.Value) is not JsonArray destinations)
            {
                return given;
            }

            foreach (var destination in destinations.OfType<JsonObject>())
            {
                foreach (var member in SecretMembers.Where(member => destination[member]?.GetValueKind() == JsonValueKind.String))
                {
                    destination[member] = change(destination[member]!.GetValue<string>());
                }
            }

            return new(destinations.ToJsonString());
        }
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException)
        {
            // Whoever checks it says what is wrong with it; a name that stands twice is an ArgumentException.
            return given;
        }
    }

    /// <summary>The column as it may be shown: in place of each secret, whether there is one. What cannot be read is not shown.</summary>
    public static JsonText? Shown(JsonText? stored)
    {
        var destinations = Read(stored);
        if (destinations.Count == 0)
        {
            return null;
        }

        var shown = JsonSerializer.SerializeToNode(destinations, Options)!.AsArray();
        foreach (var destination in shown.OfType<JsonObject>())
        {
            foreach (var member in SecretMembers.Where(destination.ContainsKey))
            {
                destination[FlagOf(member)] = destination[member] is not null;
                destination.Remove(member);
            }
        }

        return new(shown.ToJsonString());
    }
}
