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

    private const decimal BytesPerGigabyte = 1024 * BytesPerMegabyte;

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
            MemoryRequirementGb = inspection.PeakMemoryBytes > 0 ? Math.Max(Math.Round(inspection.PeakMemoryBytes / BytesPerGigabyte, 2), 0.01m) : null,
            Author = Metadata(inspection, "author", 255),
            LicenseType = Metadata(inspection, "license", 100),
            Description = Metadata(inspection, "description", 4000),
            Validation = ModelEvidence.WithoutPictures(inspection),
        };
    }

    // What the file says of itself, where its uploader says nothing.
    private static string? Metadata(ModelInspection inspection, string key, int longest) =>
        inspection.Metadata.TryGetValue(key, out var text) && !string.IsNullOrWhiteSpace(text) && !text.Contains('\0')
            ? text.Length <= longest ? text : text[..longest]
            : null;

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
