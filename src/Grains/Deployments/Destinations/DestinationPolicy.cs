using System.Net;
using System.Text.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>What the owner of the fleet allows of destinations.</summary>
/// <param name="Networks">Private networks in which receivers may be.</param>
/// <param name="HasFileRoot">Whether files may be written at all.</param>
internal sealed record DestinationRules(IReadOnlyList<IPNetwork> Networks, bool HasFileRoot);

/// <summary>What <c>output_destinations</c> must look like to be taken. Pure.</summary>
internal static class DestinationPolicy
{
    public const string Column = "output_destinations";

    /// <summary>Most destinations of one deployment.</summary>
    public const int Most = 16;

    private const int MostClasses = 1000;
    private const int MostCameras = 1000;
    private const int LongestName = 40;
    private const int LargestBatch = 500;
    private const int LongestDelay = 3600;

    private static readonly string[] Kinds =
        [WebhookDestination.KindName, MqttDestination.KindName, FileDestination.KindName, ZoneMinderDestination.KindName];

    /// <summary>The destinations that somebody gives.</summary>
    /// <param name="given">What was given; null: none.</param>
    /// <param name="stored">What the deployment has, secrets open: a secret that is left out stays.</param>
    /// <param name="rules">What is allowed.</param>
    /// <exception cref="FleetRefusedException">Something cannot be taken; its path is the field.</exception>
    public static IReadOnlyList<OutputDestination> Take(JsonText? given, IReadOnlyList<OutputDestination> stored, DestinationRules rules)
    {
        if (given is not { } json)
        {
            return [];
        }

        Field.Json(Column, json).ThrowIfRefused();
        using var document = JsonDocument.Parse(json.Value);
        if (document.RootElement.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() > Most)
        {
            throw Refusal.Invalid(Column, $"{Column} must be an array of at most {Most} destinations.").ToException();
        }

        var taken = new List<OutputDestination>();
        foreach (var element in document.RootElement.EnumerateArray())
        {
            var path = $"{Column}[{taken.Count}]";
            var destination = Take(path, element, stored, rules);
            taken.Add(taken.All(other => other.Name != destination.Name)
                ? destination
                : throw Refusal.Invalid($"{path}.name", $"{path}.name is '{destination.Name}', which another destination has.").ToException());
        }

        return taken;
    }

    private static OutputDestination Take(string path, JsonElement element, IReadOnlyList<OutputDestination> stored, DestinationRules rules)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Refusal.Invalid(path, $"{path} must be an object with kind and name.").ToException();
        }

        var members = new JsonMembers(path, element);
        var kind = members.Text("kind", 20);
        var name = Name(members);
        var before = stored.FirstOrDefault(other => other.Name == name && other.Kind == kind);
        OutputDestination destination = kind switch
        {
            WebhookDestination.KindName => WebhookPolicy.Take(members, name, before as WebhookDestination, rules),
            MqttDestination.KindName => MqttPolicy.Take(members, name, before as MqttDestination, rules),
            FileDestination.KindName => FilePolicy.Take(members, name, rules),
            ZoneMinderDestination.KindName => ZoneMinderPolicy.Take(members, name, before as ZoneMinderDestination, rules),
            _ => throw members.Refuse("kind", $"must be one of {string.Join(", ", Kinds)}."),
        };
        destination = destination with
        {
            Classes = members.FindTexts("classes", MostClasses, 255),
            MinConfidence = members.FindShare("min_confidence"),
            Cameras = members.FindIds("cameras", MostCameras),
            BatchSize = (int)members.Whole("batch_size", OutputDestination.DefaultBatchSize, 1, LargestBatch),
            MaxDelaySeconds = (int)members.Whole("max_delay_seconds", 1, 0, LongestDelay),
        };
        members.End();
        return destination;
    }

    // It stands in addresses of the API, in topics and in the names of files.
    private static string Name(JsonMembers members)
    {
        var name = members.Text("name", LongestName);
        return name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-') && name[0] != '-'
            ? name
            : throw members.Refuse("name", "must be of small letters, digits and dashes, a letter or digit first.");
    }
}
