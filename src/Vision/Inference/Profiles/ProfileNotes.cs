using System.Globalization;

using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>Says how each point of a profile was found out, for who approves the model.</summary>
internal static class ProfileNotes
{
    /// <summary>One sentence each for decoder, input, its values and the classes.</summary>
    public static IReadOnlyList<string> Of(
        ModelContract contract, ProfileOverrides overrides, ImageInput input, ModelProfile profile, ClassNames classes)
    {
        var decoder = ProfileSpelling.Spell(profile.Decoder);
        return
        [
            overrides.Decoder is null
                ? $"Decoder {decoder}: the only one that fits outputs {contract.Outputs.Describe()}."
                : $"Decoder {decoder}, as configured; it fits outputs {contract.Outputs.Describe()}.",
            $"Input {input.Size} with {input.Channels} channel(s): {SizeOrigin(overrides, input)}.",
            $"Pictures go in as {Describe(profile.Input)}: {ValuesOrigin(overrides, decoder)}.",
            classes.Origin,
        ];
    }

    /// <summary><c>rgb, (pixel - 0) * 0.00392, letterbox</c>.</summary>
    public static string Describe(InputSpec spec)
    {
        var (mean, scale) = (Values(spec.Mean), Values(spec.Scale));
        return $"{ProfileSpelling.Spell(spec.ColorOrder)}, (pixel - {mean}) * {scale}, {ProfileSpelling.Spell(spec.Resize)}";
    }

    private static string SizeOrigin(ProfileOverrides overrides, ImageInput input) =>
        !input.SizeIsOpen ? "fixed by the file"
            : overrides.InputWidth is not null || overrides.InputHeight is not null ? "left open by the file, as configured"
            : "left open by the file, taken from its metadata \"imgsz\"";

    private static string ValuesOrigin(ProfileOverrides overrides, string decoder)
    {
        bool[] said = [overrides.ColorOrder is not null, overrides.Mean is not null || overrides.Scale is not null, overrides.Resize is not null];
        return said.All(one => one) ? "as given"
            : said.Any(one => one) ? $"as given, what was left open as usual for {decoder}"
            : $"usual for {decoder}, the file does not say";
    }

    private static string Values(IReadOnlyList<float> values)
    {
        var texts = values.Select(value => value.ToString("0.#####", CultureInfo.InvariantCulture)).Distinct().ToArray();
        return texts is [var one] ? one : $"[{string.Join(", ", values.Select(value => value.ToString("0.#####", CultureInfo.InvariantCulture)))}]";
    }
}
