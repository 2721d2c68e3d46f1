using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>A model's class names: those given, else the category's where their number fits, else generated.</summary>
/// <param name="Names">By class id.</param>
/// <param name="AreKnown">False where they are generated.</param>
/// <param name="Origin">Where they come from, in a sentence.</param>
internal sealed record ClassNames(IReadOnlyList<string> Names, bool AreKnown, string Origin)
{
    /// <summary>Names for every class of the head, or a fault where their number differs.</summary>
    /// <param name="head">What the outputs are.</param>
    /// <param name="background">The owner's word on the class that means "nothing".</param>
    /// <param name="labels">Names that were given, or null.</param>
    /// <param name="usual">Names that are usual for models of this kind; used only where nobody gave any and they fit.</param>
    /// <param name="classes">The names.</param>
    public static ProfileFault? Match(
        OutputHead head, int? background, GivenLabels? labels, IReadOnlyList<string>? usual, out ClassNames classes)
    {
        classes = null!;
        if (labels is null)
        {
            return Unnamed(head, background, usual, out classes);
        }

        if (Fit(head, background, labels.Names) is { } names)
        {
            classes = new ClassNames(names, AreKnown: true, $"{names.Count} class names from {labels.Source}.");
            return null;
        }

        return new ProfileFault(
            ProfileFault.Labels,
            $"{labels.Names.Count} class names were given (by {labels.Source}), but the model's outputs have {head.Classes} classes; give one name per class.");
    }

    /// <summary>Class that means "nothing": the owner's (-1: none), else SSD's customary first.</summary>
    public static int? Background(OutputHead head, int? background) => background switch
    {
        < 0 => null,
        not null => background,
        null => head is { Kind: DecoderKind.Ssd, Classes: not 1 } ? 0 : null,
    };

    private static ProfileFault? Unnamed(OutputHead head, int? background, IReadOnlyList<string>? usual, out ClassNames classes)
    {
        classes = null!;
        if (head.Kind == DecoderKind.Yunet)
        {
            classes = new ClassNames(["face"], AreKnown: true, "One class, face: what this family of models finds.");
            return null;
        }

        if (head.Classes is not { } count)
        {
            return new ProfileFault(
                ProfileFault.Labels, "The model's outputs do not say how many classes it has; give their names as labels.");
        }

        if (usual is { Count: > 0 } && FitUsual(head, background, usual) is { } names)
        {
            classes = new ClassNames(
                names, AreKnown: true, $"{count} class names are those usual for the model's category: the file gives none, and their number fits.");
            return null;
        }

        classes = new ClassNames(
            [.. Enumerable.Range(0, count).Select(i => $"class_{i}")],
            AreKnown: false,
            $"The file names none of its {count} classes: they are called class_0 to class_{count - 1} until somebody names them.");
        return null;
    }

    private static IReadOnlyList<string>? Fit(OutputHead head, int? background, IReadOnlyList<string> labels)
    {
        if (head.Classes is not { } count || count == labels.Count)
        {
            return labels;
        }

        return LacksBackground(count, labels) && Background(head, background) is { } place && place < count
            ? [.. labels.Take(place), "background", .. labels.Skip(place)]
            : null;
    }

    // A category names what is to be found: where the head has a class for nothing, none of these names is that one's.
    private static IReadOnlyList<string>? FitUsual(OutputHead head, int? background, IReadOnlyList<string> usual) =>
        head.Classes == usual.Count && Background(head, background) is not null && LacksBackground(usual.Count + 1, usual)
            ? null
            : Fit(head, background, usual);

    // Label files often leave the background out. Where one is named, the missing name is another one's: a fault.
    private static bool LacksBackground(int count, IReadOnlyList<string> labels) =>
        labels.Count == count - 1
        && !labels.Any(label => label.Contains("background", StringComparison.OrdinalIgnoreCase));
}
