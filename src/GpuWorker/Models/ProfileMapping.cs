using System.Globalization;
using System.Text.Json;

using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Between the configuration that people and rows hold and the profile that Vision works with.</summary>
internal static class ProfileMapping
{
    /// <summary>What the owner says, for <see cref="ProfileResolver"/>.</summary>
    public static ProfileOverrides ToOverrides(
        ModelConfiguration configuration, IReadOnlyList<string>? classes, IReadOnlyList<string>? usualClasses = null) => new()
    {
        Decoder = configuration.Decoder,
        InputWidth = configuration.InputWidth,
        InputHeight = configuration.InputHeight,
        ColorOrder = configuration.ColorOrder,
        Resize = configuration.Resize,
        PadValue = configuration.PadValue,
        Mean = configuration.Mean,
        Scale = configuration.Scale,
        NmsIou = configuration.NmsIou,
        ConfidenceThreshold = configuration.ConfidenceThreshold,
        MaxDetections = configuration.MaxDetections,
        BackgroundClass = configuration.BackgroundClass,
        Classes = classes,
        UsualClasses = usualClasses,
    };

    /// <summary>The resolved profile as a configuration with nothing open; resolving it again gives the same profile.</summary>
    public static ModelConfiguration ToConfiguration(ModelProfile profile) => new()
    {
        Decoder = Spell(profile.Decoder),
        InputWidth = profile.Input.Width,
        InputHeight = profile.Input.Height,
        ColorOrder = Spell(profile.Input.ColorOrder),
        Resize = Spell(profile.Input.Resize),
        PadValue = profile.Input.PadValue,
        Mean = [.. profile.Input.Mean.Select(Widen)],
        Scale = [.. profile.Input.Scale.Select(Widen)],
        NmsIou = Widen(profile.NmsIou),
        ConfidenceThreshold = Widen(profile.ConfidenceThreshold),
        MaxDetections = profile.MaxDetections,
        BackgroundClass = profile.BackgroundClass,
    };

    /// <summary>What a version's configuration does with its objects.</summary>
    public static ObjectRules ToRules(ModelReference model)
    {
        if (model.Configuration.Postprocessing is not { } rules)
        {
            return ObjectRules.Of(model.Classes);
        }

        return new(
            [.. model.Classes.Select(name => rules.ClassMap.TryGetValue(name, out var called) ? (called.Length == 0 ? null : called) : name)],
            [.. model.Classes.Select(name => rules.ClassThresholds.TryGetValue(name, out var threshold) ? (float?)threshold : null)],
            [.. rules.Zones.Where(zone => zone.Mode == ZoneMode.Include).Select(Corners)],
            [.. rules.Zones.Where(zone => zone.Mode == ZoneMode.Exclude).Select(Corners)],
            (float)(rules.MinArea ?? 0),
            (float)(rules.MaxArea ?? double.PositiveInfinity));
    }

    private static (float X, float Y)[] Corners(DetectionZone zone) => [.. zone.Points.Select(point => ((float)point[0], (float)point[1]))];

    private static string Spell<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    // The shortest decimal that is this float: 0.45, not 0.449999988079071.
    private static double Widen(float value) => double.Parse(
        value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
