using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>What a row of <c>model_categories</c> must look like to be taken. Pure.</summary>
internal static class ModelCategoryPolicy
{
    private const int MostClasses = 10_000;

    /// <summary>Why the row cannot be taken, or null.</summary>
    public static Refusal? Judge(Guid key, ModelCategory category) => Refusal.First(
        Field.Key(key, category.Id),
        Field.Required("name", category.Name, 255),
        ModelKeys.OfCategory(category.Name) == key ? null : Refusal.Invalid("id", "The id is not that of this name."),
        Field.Required("family", category.Family, 255),
        Field.Text("description", category.Description),
        Field.Named("model_type", category.ModelType),
        Field.Named("alert_severity", category.AlertSeverity),
        Field.Number("confidence_threshold", category.ConfidenceThreshold, 0, 1),
        Field.Number("known_positive_confidence", category.KnownPositiveConfidence, 0, 1),
        Names("default_classes", category.DefaultClasses),
        Names("known_positive_classes", category.KnownPositiveClasses));

    /// <summary>The row as the table keeps it.</summary>
    public static ModelCategory AsStored(ModelCategory category) => category with
    {
        ConfidenceThreshold = category.ConfidenceThreshold.Rounded(2),
        KnownPositiveConfidence = category.KnownPositiveConfidence.Rounded(2),
    };

    private static Refusal? Names(string field, string[] names) =>
        names.Length > MostClasses ? Refusal.Invalid(field, $"{field} has {names.Length} names; at most {MostClasses} are possible.")
        : names.Any(string.IsNullOrWhiteSpace) ? Refusal.Invalid(field, $"{field} has a name that is empty.")
        : names.Any(name => name.Contains('\0')) ? Refusal.Invalid(field, $"{field} must not contain a zero character.")
        : names.Distinct(StringComparer.Ordinal).Count() < names.Length ? Refusal.Invalid(field, $"{field} names a class twice.")
        : null;
}
