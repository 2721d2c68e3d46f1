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
        if (RowOverlay.Apply(model, edit.Fields, name => Forbidden(model, name), out var row) is { } refusal)
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

    private static Refusal? Forbidden(AiModel model, string name)
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

        return Refusal.Invalid(name, $"{name} is not yours to set: the fleet finds it out, or another request changes it.");
    }

    private static bool Same(JsonText left, JsonText right) => JsonNode.DeepEquals(JsonNode.Parse(left.Value), JsonNode.Parse(right.Value));
}
