using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Which columns of a version travel. What is local to a fleet does not: ids, people, status, decisions, times, validation. Pure.</summary>
internal static class PackageColumns
{
    private const string OutputClasses = "output_classes";
    private const string SourceUrl = "source_url";

    private static readonly FrozenSet<string> All = FrozenSet.ToFrozenSet(
    [
        "name", "version", "model_type", "category", "configuration", OutputClasses, SourceUrl, .. ModelColumns.Free,
    ]);

    /// <summary>The columns that have a value.</summary>
    public static JsonObject Of(AiModel model)
    {
        var row = JsonSerializer.SerializeToNode(model, FleetJson.Options)!.AsObject();
        return new(row.Where(column => column.Value is not null && All.Contains(column.Key))
            .Select(column => KeyValuePair.Create(column.Key, column.Value?.DeepClone())));
    }

    /// <summary>What the importer asks to be registered.</summary>
    /// <param name="model">The manifest's columns.</param>
    /// <param name="asked">Id and version of the importer's choice.</param>
    /// <param name="sourceUrl">Where the exporter has the file from.</param>
    /// <exception cref="FleetRefusedException">A column is unknown or has a value that cannot be taken.</exception>
    public static RegisterModel Read(JsonObject model, ImportPackage asked, out string? sourceUrl)
    {
        if (model.Select(column => column.Key).FirstOrDefault(name => !All.Contains(name)) is { } stranger)
        {
            throw PackageRefusal.Invalid(PackageManifest.FileName, $"The manifest has '{PackageRefusal.Shown(stranger)}', which is no column that travels.");
        }

        var fields = model.DeepClone().AsObject();
        sourceUrl = Take<string>(fields, SourceUrl);
        if (Take<string?[]>(fields, OutputClasses) is { Length: > 0 } classes && !IsNumbered(classes))
        {
            fields["labels"] = JsonSerializer.Serialize(classes, FleetJson.Options);
        }

        fields["id"] = asked.Id;
        fields["version"] = asked.Version ?? Take<string>(fields, "version")
            ?? throw PackageRefusal.Invalid("version", "The manifest has no version.");
        return ModelFields.Read(fields);
    }

    // The exporter's names for classes that nobody named: said again, they would count as somebody's.
    private static bool IsNumbered(string?[] classes)
    {
        if (classes.Any(string.IsNullOrWhiteSpace))
        {
            throw PackageRefusal.Invalid(OutputClasses, "A class in the manifest has no name.");
        }

        return classes.Index().All(entry => entry.Item == $"class_{entry.Index}");
    }

    private static T? Take<T>(JsonObject fields, string name)
    {
        try
        {
            var value = fields[name].Deserialize<T>(FleetJson.Options);
            fields.Remove(name);
            return value;
        }
        catch (JsonException)
        {
            throw PackageRefusal.Invalid(name, $"{name} in the manifest has a value that cannot be read.");
        }
    }
}
