using System.Text.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>What the rules for a model's objects must look like to be taken. Pure.</summary>
internal static class PostprocessingPolicy
{
    private const string Root = "configuration.postprocessing";
    private const int MostZones = 50;
    private const int MostCorners = 100;

    /// <summary>Why the row's rules cannot be taken, or null.</summary>
    public static Refusal? Judge(AiModel model)
    {
        try
        {
            return model.Configuration?.To<ModelConfiguration>()?.Postprocessing is { } rules ? Judge(rules, model.OutputClasses ?? []) : null;
        }
        catch (JsonException exception)
        {
            return Refusal.Invalid("configuration", $"configuration has a value that cannot be read: {exception.Path}.");
        }
    }

    /// <summary>Why the rules cannot be taken, or null.</summary>
    public static Refusal? Judge(PostprocessingConfiguration rules, IReadOnlyCollection<string> classes) => Refusal.First(
        Known("class_thresholds", rules.ClassThresholds.Keys, classes),
        Known("class_map", rules.ClassMap.Keys, classes),
        rules.ClassThresholds.FirstOrDefault(own => !(own.Value is >= 0 and <= 1)) is { Key: { } faulty }
            ? Invalid("class_thresholds", $"The threshold of {faulty} must be 0 to 1.")
            : null,
        rules.ClassMap.Values.Any(name => name is null || name.Length > 255 || name.Contains('\0'))
            ? Invalid("class_map", "Names of classes have at most 255 characters; an empty one leaves the class out.")
            : null,
        Areas(rules),
        Zones(rules.Zones));

    private static Refusal? Areas(PostprocessingConfiguration rules) => Refusal.First(
        Field.Real($"{Root}.min_area", rules.MinArea ?? 0, 0, 1),
        Field.Real($"{Root}.max_area", rules.MaxArea ?? 1, 0, 1),
        rules.MinArea > rules.MaxArea ? Invalid("min_area", "min_area is above max_area: nothing would count.") : null);

    private static Refusal? Zones(DetectionZone[] zones)
    {
        if (zones.Length > MostZones)
        {
            return Invalid("zones", $"There are {zones.Length} zones; at most {MostZones} are possible.");
        }

        for (var i = 0; i < zones.Length; i++)
        {
            var (zone, place) = (zones[i], $"zones[{i}]");
            var refusal = Refusal.First(
                Field.Text($"{Root}.{place}.name", zone.Name, 100),
                Field.Named($"{Root}.{place}.mode", zone.Mode),
                zone.Points.Length is < 3 or > MostCorners
                    ? Invalid(place + ".points", $"A zone has 3 to {MostCorners} corners, not {zone.Points.Length}.")
                    : null,
                zone.Points.All(point => point is [>= 0 and <= 1, >= 0 and <= 1])
                    ? null
                    : Invalid(place + ".points", "A corner is [x, y], each 0 to 1: shares of the picture's width and height."));
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? Known(string field, IEnumerable<string> names, IReadOnlyCollection<string> classes) =>
        names.FirstOrDefault(name => !classes.Contains(name)) is { } unknown
            ? Invalid(field, $"The model has no class '{unknown}'. It has {string.Join(", ", classes.Take(20))}{(classes.Count > 20 ? " …" : "")}.")
            : null;

    private static Refusal Invalid(string field, string message) => Refusal.Invalid($"{Root}.{field}", message);
}
