using OrleansAiFleet.Vision.Inference.Profiles;

namespace OrleansAiFleet.Vision.Inference;

/// <summary>
/// The ways in which models of a family take their pictures. A file says neither its colour order nor its scale, nor how
/// pictures are fitted into it; where nobody else does, a picture on which the right answer is known tells.
/// </summary>
public static class InputConventions
{
    // ImageNet's mean and deviation per channel, red first, for pixels of 0 to 255 (torchvision's customary values).
    private static readonly double[] ImageNetMean = [123.675, 116.28, 103.53];
    private static readonly double[] ImageNetScale = [1 / 58.395, 1 / 57.12, 1 / 57.375];

    private static readonly (string Name, double Mean, double Scale)[] Scales =
        [("0 to 1", 0, 1 / 255.0), ("0 to 255", 0, 1), ("(x - 127) / 128", 127, 1 / 128.0)];

    /// <summary>Every plausible way, the usual one first; that alone where nothing is left open.</summary>
    /// <param name="contract">The model.</param>
    /// <param name="overrides">What the owner says: those points are not varied.</param>
    /// <param name="usual">The profile that the resolver made of both.</param>
    public static IReadOnlyList<InputConvention> Plausible(ModelContract contract, ProfileOverrides overrides, ModelProfile usual)
    {
        var spec = usual.Input;
        var isOpen = !IsUltralytics(contract) && contract.Inputs[0].Type != TensorType.Byte;
        ColorOrder[] orders = isOpen && overrides.ColorOrder is null && spec.Channels == 3
            ? [spec.ColorOrder, spec.ColorOrder == ColorOrder.Rgb ? ColorOrder.Bgr : ColorOrder.Rgb]
            : [spec.ColorOrder];
        var scalesAreOpen = isOpen && overrides.Mean is null && overrides.Scale is null;
        ResizeMode[] resizes = isOpen && overrides.Resize is null && spec.Resize != ResizeMode.Stretch
            ? [spec.Resize, ResizeMode.Stretch]
            : [spec.Resize];
        List<InputConvention> conventions = [new($"{ProfileNotes.Describe(spec)} (usual)", overrides, spec)];
        foreach (var (order, resize) in orders.SelectMany(order => resizes.Select(resize => (order, resize))))
        {
            conventions.AddRange(Ways(order, spec.Channels, scalesAreOpen).Select(way => Make(way, order, resize, overrides, spec)));
        }

        return [.. conventions.DistinctBy(way => ProfileNotes.Describe(way.Input))];
    }

    /// <summary>Whether the file says by its metadata that Ultralytics exported it, whose models take red first, 0 to 1.</summary>
    public static bool IsUltralytics(ModelContract contract) =>
        contract.Metadata.ContainsKey("stride") && contract.Metadata.ContainsKey("names");

    private static IEnumerable<(string Name, double[] Mean, double[] Scale)?> Ways(ColorOrder order, int channels, bool scalesAreOpen)
    {
        if (!scalesAreOpen)
        {
            return [null];
        }

        var ways = Scales.Select(scale => ((string, double[], double[])?)(scale.Name, [scale.Mean], [scale.Scale]));
        return order == ColorOrder.Rgb && channels == 3 ? ways.Append(("ImageNet's mean", ImageNetMean, ImageNetScale)) : ways;
    }

    private static InputConvention Make(
        (string Name, double[] Mean, double[] Scale)? way, ColorOrder order, ResizeMode resize, ProfileOverrides overrides, InputSpec spec)
    {
        var (word, fit) = (ProfileSpelling.Spell(order), ProfileSpelling.Spell(resize));
        var changed = overrides with
        {
            ColorOrder = word,
            Resize = fit,
            Mean = way?.Mean ?? overrides.Mean,
            Scale = way?.Scale ?? overrides.Scale,
        };
        var input = spec with
        {
            ColorOrder = order,
            Resize = resize,
            Mean = way is null ? spec.Mean : PerChannel(way.Value.Mean, spec.Channels),
            Scale = way is null ? spec.Scale : PerChannel(way.Value.Scale, spec.Channels),
        };
        return new InputConvention($"{word}, {way?.Name ?? "scale as configured"}, {fit}", changed, input);
    }

    private static float[] PerChannel(double[] values, int channels) =>
        [.. Enumerable.Range(0, channels).Select(i => (float)values[values.Length == 1 ? 0 : i])];
}

/// <summary>One way to put pictures into a model.</summary>
/// <param name="Name">For people.</param>
/// <param name="Overrides">Resolves to it.</param>
/// <param name="Input">What it resolves to.</param>
public sealed record InputConvention(string Name, ProfileOverrides Overrides, InputSpec Input);
