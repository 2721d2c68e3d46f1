using System.Text.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>What the rules for a model's objects must look like to be taken. Pure.</summary>
internal static class PostprocessingPolicy
{
    private const string OfTheModel = "configuration.postprocessing";
    private const int MostZones = 50;
    private const int MostCorners = 100;

    /// <summary>Why the row's rules cannot be taken, or null.</summary>
    public static Refusal? Judge(AiModel model)
    {
        try
        {
            return model.Configuration?.To<ModelConfiguration>()?.Postprocessing is { } rules
                ? Judge(rules, model.OutputClasses ?? [], OfTheModel)
                : null;
        }
        catch (JsonException exception)
        {
            return Refusal.Invalid("configuration", $"configuration has a value that cannot be read: {exception.Path}.");
        }
    }

    /// <summary>Why the rules cannot be taken, or null.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="classes">What the model finds.</param>
    /// <param name="root">The field that they stand in, for whoever reads the refusal.</param>
    public static Refusal? Judge(PostprocessingConfiguration rules, IReadOnlyCollection<string> classes, string root) => Refusal.First(
        Known($"{root}.class_thresholds", rules.ClassThresholds.Keys, classes),
        Known($"{root}.class_map", rules.ClassMap.Keys, classes),
        rules.ClassThresholds.FirstOrDefault(own => !(own.Value is >= 0 and <= 1)) is { Key: { } faulty }
            ? Refusal.Invalid($"{root}.class_thresholds", $"The threshold of {faulty} must be 0 to 1.")
            : null,
        rules.ClassMap.Values.Any(name => name is null || name.Length > 255 || name.Contains('\0'))
            ? Refusal.Invalid($"{root}.class_map", "Names of classes have at most 255 characters; an empty one leaves the class out.")
            : null,
        Areas(rules, root),
        Zones(rules.Zones, root));

    private static Refusal? Areas(PostprocessingConfiguration rules, string root) => Refusal.First(
        Field.Real($"{root}.min_area", rules.MinArea ?? 0, 0, 1),
        Field.Real($"{root}.max_area", rules.MaxArea ?? 1, 0, 1),
        rules.MinArea > rules.MaxArea ? Refusal.Invalid($"{root}.min_area", "min_area is above max_area: nothing would count.") : null);

    private static Refusal? Zones(DetectionZone[] zones, string root)
    {
        if (zones.Length > MostZones)
        {
            return Refusal.Invalid($"{root}.zones", $"There are {zones.Length} zones; at most {MostZones} are possible.");
        }

        for (var i = 0; i < zones.Length; i++)
        {
            var (zone, place) = (zones[i], $"{root}.zones[{i}]");
            if (zone is null)
            {
                return Refusal.Invalid(place, "A zone is an object of name, mode and points.");
            }

            var refusal = Refusal.First(
                Field.Text($"{place}.name", zone.Name, 100),
                Field.Named($"{place}.mode", zone.Mode),
                zone.Points is not { Length: >= 3 and <= MostCorners }
                    ? Refusal.Invalid(place + ".points", $"A zone has 3 to {MostCorners} corners, not {zone.Points?.Length ?? 0}.")
                    : null,
                (zone.Points ?? []).All(point => point is [>= 0 and <= 1, >= 0 and <= 1])
                    ? null
                    : Refusal.Invalid(place + ".points", "A corner is [x, y], each 0 to 1: shares of the picture's width and height."));
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? Known(string field, IEnumerable<string> names, IReadOnlyCollection<string> classes) =>
        names.FirstOrDefault(name => !classes.Contains(name)) is { } unknown
            ? Refusal.Invalid(field, $"The model has no class '{unknown}'. It has {string.Join(", ", classes.Take(20))}{(classes.Count > 20 ? " …" : "")}.")
            : null;
}
