using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>The row of an inspected upload. Pure.</summary>
internal static class ModelRow
{
    private const decimal BytesPerMegabyte = 1024 * 1024;

    /// <summary>What the column's precision holds.</summary>
    private const double ShortestMilliseconds = 0.001;

    public static AiModel From(Guid id, RegisterModel asked, StoredFile file, ModelInspection inspection)
    {
        var milliseconds = Math.Max(inspection.InferenceMilliseconds, ShortestMilliseconds);
        return new()
        {
            Id = id,
            Name = asked.Name,
            Version = asked.Version,
            ModelType = asked.ModelType.GetValueOrDefault(),
            Category = asked.Category,
            Description = asked.Description,
            Framework = asked.Framework,
            Architecture = asked.Architecture,
            Author = asked.Author,
            Organization = asked.Organization,
            LicenseType = asked.LicenseType,
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
            ConfidenceThresholdDefault = (decimal)(inspection.Configuration.ConfidenceThreshold ?? 0.5),
        };
    }
}
