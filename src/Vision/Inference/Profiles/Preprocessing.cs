namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>How pictures go in: what is usual for the decoder's family, and what the owner says instead.</summary>
internal static class Preprocessing
{
    private const double MostScale = 1000;

    /// <summary>The complete input, or a fault.</summary>
    public static ProfileFault? Read(
        ProfileOverrides overrides, ImageInput input, DecoderKind decoder, out InputSpec spec)
    {
        spec = Usual(decoder, input);
        var resize = spec.Resize;
        var fault = ReadColor(overrides, input, spec.ColorOrder, out var color);
        fault ??= ProfileSpelling.Read("resize", overrides.Resize, spec.Resize, out resize);
        fault ??= CheckPad(overrides.PadValue);
        fault ??= CheckChannels("mean", overrides.Mean, input, value => value is >= 0 and <= 255, "from 0 to 255");
        fault ??= CheckChannels("scale", overrides.Scale, input, value => value is > 0 and <= MostScale, "above 0");
        if (fault is not null)
        {
            return fault;
        }

        spec = spec with
        {
            ColorOrder = color,
            Resize = resize,
            PadValue = (byte)(overrides.PadValue ?? spec.PadValue),
            Mean = PerChannel(overrides.Mean, input.Channels) ?? spec.Mean,
            Scale = PerChannel(overrides.Scale, input.Channels) ?? spec.Scale,
        };
        return null;
    }

    private static InputSpec Usual(DecoderKind decoder, ImageInput input)
    {
        var gray = input.Channels == 1;
        var (color, resize, pad, mean, scale) = decoder switch
        {
            DecoderKind.Yolox => (ColorOrder.Bgr, ResizeMode.LetterboxTopLeft, 114, 0f, 1f),
            DecoderKind.Yunet => (ColorOrder.Bgr, ResizeMode.LetterboxTopLeft, 0, 0f, 1f),
            DecoderKind.Ssd => (ColorOrder.Rgb, ResizeMode.Stretch, 114, 127f, 1 / 128f),
            DecoderKind.Classifier => (ColorOrder.Rgb, ResizeMode.Stretch, 114, 0f, gray ? 1f : 1 / 255f),
            _ => (ColorOrder.Rgb, ResizeMode.Letterbox, 114, 0f, 1 / 255f),
        };
        return new InputSpec
        {
            Width = input.Size.Width,
            Height = input.Size.Height,
            Layout = input.Layout,
            ColorOrder = gray ? ColorOrder.Gray : color,
            Resize = resize,
            PadValue = (byte)pad,
            Mean = Repeat(input.TakesBytes ? 0 : mean, input.Channels),
            Scale = Repeat(input.TakesBytes ? 1 : scale, input.Channels),
        };
    }

    private static ProfileFault? ReadColor(
        ProfileOverrides overrides, ImageInput input, ColorOrder usual, out ColorOrder color)
    {
        const string Name = "color_order";
        if (ProfileSpelling.Read(Name, overrides.ColorOrder, usual, out color) is { } fault)
        {
            return fault;
        }

        return (color == ColorOrder.Gray) == (input.Channels == 1)
            ? null
            : new ProfileFault(
                $"configuration.{Name}",
                $"{Name} is {ProfileSpelling.Spell(color)}, but the model's input has {input.Channels} channel(s).");
    }

    private static ProfileFault? CheckPad(int? pad) => pad is null or (>= 0 and <= 255)
        ? null
        : new ProfileFault("configuration.pad_value", $"pad_value is {pad}; give a grey from 0 to 255.");

    private static ProfileFault? CheckChannels(
        string name, IReadOnlyList<double>? values, ImageInput input, Func<double, bool> isAllowed, string range)
    {
        if (values is null)
        {
            return null;
        }

        var field = $"configuration.{name}";
        if (input.TakesBytes && values.Any(value => value != (name == "mean" ? 0 : 1)))
        {
            return new ProfileFault(field, $"The model takes bytes as they are; leave {name} out.");
        }

        if (values.Count != 1 && values.Count != input.Channels)
        {
            return new ProfileFault(
                field, $"{name} has {values.Count} values; give 1, or {input.Channels}, one per channel.");
        }

        return values.All(isAllowed) ? null : new ProfileFault(field, $"{name} must be {range} for every channel.");
    }

    private static float[]? PerChannel(IReadOnlyList<double>? values, int channels) => values switch
    {
        null => null,
        [var one] => Repeat((float)one, channels),
        _ => [.. values.Select(value => (float)value)],
    };

    private static float[] Repeat(float value, int channels) => [.. Enumerable.Repeat(value, channels)];
}
