using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Changes a model version: its configuration is tried on a worker first, everything else its grain judges.</summary>
internal sealed class ModelChange(IGrainFactory grains, ModelValidation validation, IModelReader rows)
{
    private const string ConfigurationField = "configuration";

    /// <exception cref="FleetRefusedException">A field cannot be taken; nothing was changed.</exception>
    public async Task<StoredModel> ApplyAsync(
        Guid id, JsonElement fields, Guid by, string[]? ifMatch, CancellationToken cancellationToken)
    {
        if (fields.ValueKind != JsonValueKind.Object)
        {
            throw new FleetRefusedException(RefusalKind.Invalid, null, "The body must be an object of columns and their new values.");
        }

        var grain = grains.GetGrain<IModelGrain>(id);
        var model = await grain.Get().OrNotFound("model", id);
        var columns = JsonObject.Create(fields)!;
        ModelInspection? inspection = null;
        if (columns.ContainsKey(ConfigurationField))
        {
            inspection = await validation.InspectAsync(model, ReadConfiguration(columns[ConfigurationField]), cancellationToken);
            columns.Remove(ConfigurationField);
        }

        await CheckCategory(columns, cancellationToken);
        return await grain.Edit(new()
        {
            Fields = new(columns.ToJsonString()),
            Configuration = inspection?.Configuration,
            Classes = inspection?.Classes,
            By = by,
            IfMatch = ifMatch,
        });
    }

    private static ModelConfiguration ReadConfiguration(JsonNode? node)
    {
        try
        {
            return node is JsonObject ? node.Deserialize<ModelConfiguration>(FleetJson.Options)! : throw new JsonException();
        }
        catch (JsonException exception)
        {
            var path = exception.Path?.TrimStart('$').TrimStart('.');
            var field = string.IsNullOrEmpty(path) ? ConfigurationField : $"{ConfigurationField}.{path}";
            throw new FleetRefusedException(RefusalKind.Invalid, field, $"'{field}' has a value that cannot be read.");
        }
    }

    private async Task CheckCategory(JsonObject columns, CancellationToken cancellationToken)
    {
        if (columns["category"] is JsonValue value && value.TryGetValue<string>(out var category))
        {
            await rows.DemandCategoryAsync(category, cancellationToken);
        }
    }
}
