using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Turns the fields of an upload into <see cref="RegisterModel"/>. Pure.</summary>
internal static class ModelFields
{
    /// <summary>Names an upload may have beside columns, as the API spells them.</summary>
    private static readonly HashSet<string> Known =
        [.. typeof(RegisterModel).GetProperties().Select(property => Problem.SnakeCase(property.Name)).Where(name => name != "columns")];

    /// <summary>Columns whose value in a form is a text as it stands; all others are read as JSON.</summary>
    private static readonly HashSet<string> Texts =
    [
        .. typeof(AiModel).GetProperties()
            .Where(property => property.PropertyType == typeof(string) || property.PropertyType == typeof(DateTimeOffset?))
            .Select(property => Problem.SnakeCase(property.Name)),
    ];

    /// <summary>Text fields of a form.</summary>
    /// <exception cref="FleetRefusedException">A field is unknown, missing or has a value that cannot be taken.</exception>
    public static RegisterModel Read(IReadOnlyDictionary<string, string> fields)
    {
        var json = new JsonObject();
        foreach (var (name, text) in fields)
        {
            if (text.Contains('\0'))
            {
                throw Refuse(name, $"{name} must not contain a zero character.");
            }

            json[name] = name != "configuration" && (Known.Contains(name) || Texts.Contains(name) || !IsColumn(name)) ? text : Json(name, text);
        }

        return Read(json);
    }

    /// <summary>Fields of a JSON body.</summary>
    /// <exception cref="FleetRefusedException">A field is unknown, missing or has a value that cannot be taken.</exception>
    public static RegisterModel Read(JsonObject fields)
    {
        var columns = new JsonObject();
        foreach (var (name, value) in fields.ToArray())
        {
            if (Known.Contains(name))
            {
                continue;
            }

            if (!IsColumn(name))
            {
                throw Refuse(name, $"'{name}' is no field of an upload. Known are file, {string.Join(", ", Known)}, and columns of the model that are yours.");
            }

            fields.Remove(name);
            columns[name] = value;
        }

        var model = Deserialize(fields) with { Columns = columns };
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(model, new(model), faults, validateAllProperties: true))
        {
            throw Refuse(Problem.SnakeCase(faults[0].MemberNames.FirstOrDefault() ?? ""), faults[0].ErrorMessage ?? "It cannot be taken.");
        }

        ConfigurationCheck.Demand(model.Configuration ?? new());
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

    private static bool IsColumn(string name) => ModelColumns.Free.Contains(name) || ModelColumns.Found.Contains(name);

    private static JsonNode? Json(string name, string text)
    {
        try
        {
            return GivenJson.Parse(text);
        }
        catch (JsonException exception)
        {
            throw Refuse(name, $"{name} is no JSON that can be read (line {exception.LineNumber.GetValueOrDefault() + 1}).");
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
