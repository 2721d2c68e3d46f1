using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>What the audit trail says of packages: a model left the fleet, came in, or was turned away.</summary>
internal static class PackageRecords
{
    private const string Models = "ai_models";

    /// <summary>Somebody takes a version with them.</summary>
    public static AuditRecord Exported(AiModel model, PackageManifest manifest) => new()
    {
        Action = "models.export",
        TargetType = Models,
        TargetId = model.Id.ToString(),
        After = JsonText.From(new { model.Name, model.Version, manifest.KeyId, Files = manifest.Files.Length }).Value,
    };

    /// <summary>A package and the model in it are good; the row that follows has a record of its own.</summary>
    public static AuditRecord Imported(AiModel row, PackageManifest manifest) => new()
    {
        Action = "models.import",
        TargetType = Models,
        TargetId = row.Id.ToString(),
        After = JsonText.From(new
        {
            row.Name,
            row.Version,
            manifest.KeyId,
            manifest.ExportedAt,
            manifest.ExportedBy,
            ExportedModelId = manifest.ExportedFrom.ModelId,
            manifest.ExportedFrom.ConfigurationRevision,
            Files = manifest.Files.Select(file => file.Sha256).Distinct().ToArray(),
        }).Value,
    };

    /// <summary>A package of a stranger.</summary>
    public static AuditRecord Refused(string keyId) => new()
    {
        Action = "models.import",
        Outcome = AuditOutcome.Refused,
        TargetType = Models,
        Reason = $"Signed by {keyId}, whom this fleet does not trust.",
    };
}
