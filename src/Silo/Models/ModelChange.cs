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

    private static readonly string[] Members = [.. typeof(ModelConfiguration).GetProperties().Select(property => Problem.SnakeCase(property.Name))];

    /// <exception cref="FleetRefusedException">A field cannot be taken; nothing was changed.</exception>
    public async Task<StoredModel> ApplyAsync(
        Guid id, JsonElement fields, Guid by, string[]? ifMatch, CancellationToken cancellationToken, bool dryRun = false)
    {
        var columns = Columns(fields);
        var grain = grains.GetGrain<IModelGrain>(id);
        var model = await grain.Get().OrNotFound("model", id);
        ModelInspection? inspection = null;
        if (columns.ContainsKey(ConfigurationField))
        {
            inspection = await validation.InspectAsync(model, ReadConfiguration(model, columns[ConfigurationField]), cancellationToken);
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
            DryRun = dryRun,
        });
    }

    private static JsonObject Columns(JsonElement fields)
    {
        try
        {
            return fields.ValueKind == JsonValueKind.Object ? GivenJson.Parse(fields.GetRawText())!.AsObject() : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new FleetRefusedException(
                RefusalKind.Invalid, null, "The body must be an object of columns and their new values, every column once, every text Unicode.");
        }
    }

    // What is given is laid over what there is; null takes a member back to "find out".
    private static ModelConfiguration ReadConfiguration(AiModel model, JsonNode? given)
    {
        try
        {
            var whole = model.Configuration is { } there ? JsonNode.Parse(there.Value)!.AsObject() : [];
            foreach (var (member, value) in given as JsonObject ?? throw new JsonException())
            {
                if (!Members.Contains(member))
                {
                    throw new FleetRefusedException(
                        RefusalKind.Invalid, $"{ConfigurationField}.{member}", $"A configuration has no {member}. It has {string.Join(", ", Members)}.");
                }

                whole[member] = value?.DeepClone();
            }

            return ConfigurationCheck.Demand(whole.Deserialize<ModelConfiguration>(FleetJson.Options)!);
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
