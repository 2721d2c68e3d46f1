using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Turns the text fields of an upload into <see cref="RegisterModel"/>. Pure.</summary>
internal static class ModelFields
{
    /// <summary>Names an upload may have, as the API spells them.</summary>
    private static readonly HashSet<string> Known =
        [.. typeof(RegisterModel).GetProperties().Select(property => Problem.SnakeCase(property.Name))];

    /// <exception cref="FleetRefusedException">A field is unknown, missing or has a value that cannot be taken.</exception>
    public static RegisterModel Read(IReadOnlyDictionary<string, string> fields)
    {
        var json = new JsonObject();
        foreach (var (name, text) in fields)
        {
            if (!Known.Contains(name))
            {
                throw Refuse(name, $"'{name}' is no field of an upload. Known are file, {string.Join(", ", Known)}.");
            }

            json[name] = name == "configuration" ? Configuration(text) : text;
        }

        var model = Deserialize(json);
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(model, new(model), faults, validateAllProperties: true))
        {
            throw Refuse(Problem.SnakeCase(faults[0].MemberNames.FirstOrDefault() ?? ""), faults[0].ErrorMessage ?? "It cannot be taken.");
        }

        return model;
    }

    /// <summary>Class names of a label text, or null where there is none.</summary>
    /// <exception cref="FleetRefusedException">It starts like a JSON array and is none.</exception>
    public static string[]? Classes(string? labels)
    {
        if (string.IsNullOrWhiteSpace(labels))
        {
            return null;
        }

        if (!labels.TrimStart().StartsWith('['))
        {
            return [.. labels.TrimEnd().Split('\n').Select(line => line.Trim())];
        }

        try
        {
            return JsonSerializer.Deserialize<string[]>(labels, FleetJson.Options);
        }
        catch (JsonException)
        {
            throw Refuse("labels", "The labels start like a JSON array and are none. Write one name a line, or [\"person\", …].");
        }
    }

    private static JsonNode? Configuration(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException exception)
        {
            throw Refuse("configuration", $"The configuration is no JSON (line {exception.LineNumber + 1}). Send an object like {{\"decoder\": \"yolov8\"}}.");
        }
    }

    private static RegisterModel Deserialize(JsonObject json)
    {
        try
        {
            return json.Deserialize<RegisterModel>(FleetJson.Options)!;
        }
        catch (JsonException exception)
        {
            var field = exception.Path?.TrimStart('$').TrimStart('.') ?? "";
            throw Refuse(field, $"'{field}' has a value that cannot be read.");
        }
    }

    private static FleetRefusedException Refuse(string field, string message) => new(RefusalKind.Invalid, field, message);
}
