using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Which columns are the user's, and how a change of them becomes the next row. Pure.</summary>
internal static class ModelEdits
{
    /// <summary>The row with the change in it.</summary>
    /// <param name="model">The row of now.</param>
    /// <param name="edit">What is asked.</param>
    /// <param name="now">When.</param>
    /// <param name="edited">The row, or the one of now where it is refused.</param>
    /// <returns>Why it cannot be, or null.</returns>
    public static Refusal? Apply(AiModel model, EditModel edit, DateTimeOffset now, out AiModel edited)
    {
        edited = model;
        if (Overlay(model, edit.Fields, out var row) is { } refusal)
        {
            return refusal;
        }

        if (edit.Configuration is { } configuration)
        {
            var text = JsonText.From(configuration);
            var isAnother = model.Configuration is not { } before || !Same(before, text);
            row = row with
            {
                Configuration = isAnother ? text : model.Configuration,
                OutputClasses = edit.Classes ?? row.OutputClasses,
                InputResolutionWidth = configuration.InputWidth ?? row.InputResolutionWidth,
                InputResolutionHeight = configuration.InputHeight ?? row.InputResolutionHeight,
                ConfigurationRevision = isAnother ? model.ConfigurationRevision + 1 : model.ConfigurationRevision,
            };
        }

        row = ModelPolicy.AsStored(row);
        if (ModelPolicy.Judge(model.Id, row) is { } faulty)
        {
            return faulty;
        }

        if (!RowEquality.Same(row, model))
        {
            edited = row with { UpdatedAt = now, LastModifiedBy = edit.By ?? model.LastModifiedBy };
        }

        return null;
    }

    private static Refusal? Overlay(AiModel model, JsonText fields, out AiModel row)
    {
        row = model;
        if (Parse(fields) is not { } asked)
        {
            return Refusal.Invalid("body", "The change must be a JSON object of column names and values.");
        }

        var whole = JsonSerializer.SerializeToNode(model, FleetJson.Options)!.AsObject();
        foreach (var (name, value) in asked)
        {
            if (Forbidden(model, whole, name) is { } refusal)
            {
                return refusal;
            }

            whole[name] = value?.DeepClone();
        }

        try
        {
            row = whole.Deserialize<AiModel>(FleetJson.Options)!;
            return null;
        }
        catch (JsonException exception)
        {
            var field = exception.Path?.TrimStart('$').TrimStart('.') ?? "";
            return Refusal.Invalid(field, $"'{field}' has a value that cannot be read.");
        }
    }

    private static Refusal? Forbidden(AiModel model, JsonObject whole, string name)
    {
        if (ModelColumns.Free.Contains(name))
        {
            return null;
        }

        if (ModelColumns.BeforeApproval.Contains(name))
        {
            return model.Status is ModelStatus.Development or ModelStatus.Training or ModelStatus.Testing or ModelStatus.Validation
                ? null
                : Refusal.Conflict(name, $"{name} of a version that was approved stays; upload a new version.");
        }

        return Refusal.Invalid(
            name,
            whole.ContainsKey(name)
                ? $"{name} is not yours to set: the fleet finds it out, or another request changes it."
                : $"There is no column {name}.");
    }

    private static JsonObject? Parse(JsonText fields)
    {
        try
        {
            return JsonNode.Parse(fields.Value) as JsonObject;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // A name that stands twice is an ArgumentException.
            return null;
        }
    }

    private static bool Same(JsonText left, JsonText right) => JsonNode.DeepEquals(JsonNode.Parse(left.Value), JsonNode.Parse(right.Value));
}
