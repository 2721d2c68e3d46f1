using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>The row of an inspected upload: what was found, with what its uploader says besides. Pure.</summary>
internal static class ModelRow
{
    private const decimal BytesPerMegabyte = 1024 * 1024;

    /// <summary>What the column's precision holds.</summary>
    private const double ShortestMilliseconds = 0.001;

    /// <exception cref="FleetRefusedException">What the uploader says and what was found differ, or a value cannot be read.</exception>
    public static AiModel From(Guid id, RegisterModel asked, ModelCategory category, StoredFile file, ModelInspection inspection)
    {
        var found = Found(id, asked, category, file, inspection);
        var row = JsonSerializer.SerializeToNode(found, FleetJson.Options)!.AsObject();
        foreach (var (column, value) in asked.Columns)
        {
            if (ModelColumns.Found.Contains(column))
            {
                Compare(column, value, row[column]);
            }
            else
            {
                row[column] = value?.DeepClone();
            }
        }

        try
        {
            return row.Deserialize<AiModel>(FleetJson.Options)!;
        }
        catch (JsonException exception)
        {
            var field = exception.Path?.TrimStart('$').TrimStart('.') ?? "";
            throw new FleetRefusedException(RefusalKind.Invalid, field, $"'{field}' has a value that cannot be read.");
        }
    }

    private static AiModel Found(Guid id, RegisterModel asked, ModelCategory category, StoredFile file, ModelInspection inspection)
    {
        var milliseconds = Math.Max(inspection.InferenceMilliseconds, ShortestMilliseconds);
        return new()
        {
            Id = id,
            Name = asked.Name,
            Version = asked.Version ?? "1",
            ModelType = asked.ModelType ?? category.ModelType,
            Category = category.Name,
            ModelFilePath = file.Path,
            ModelFileSizeMb = Math.Round(file.Size / BytesPerMegabyte, 2),
            InputResolutionWidth = inspection.Configuration.InputWidth,
            InputResolutionHeight = inspection.Configuration.InputHeight,
            InputChannels = inspection.InputChannels,
            OutputClasses = inspection.Classes,
            BatchSizeOptimal = inspection.OptimalBatchSize,
            BatchSizeMax = inspection.MaxBatchSize,
            InferenceTimeMs = (decimal)milliseconds,
            ThroughputFps = (decimal)(1000 / milliseconds),
            Configuration = JsonText.From(inspection.Configuration),
            ConfidenceThresholdDefault = asked.Configuration?.ConfidenceThreshold is { } threshold ? (decimal)threshold : category.ConfidenceThreshold,
            Validation = JsonText.From(inspection),
        };
    }

    private static void Compare(string column, JsonNode? said, JsonNode? found)
    {
        if (said is not null && !JsonNode.DeepEquals(said, found))
        {
            throw new FleetRefusedException(
                RefusalKind.Invalid, column, $"{column}: you say {Shorten(said)}, the file says {Shorten(found)}. Leave it out, or upload the file you mean.");
        }
    }

    private static string Shorten(JsonNode? value) => value?.ToJsonString() is { } text ? text.Length <= 200 ? text : text[..200] + "…" : "nothing";
}
