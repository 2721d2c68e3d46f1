using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>A model's class names: the owner's, else the file's, else generated.</summary>
internal static class ClassNames
{
    /// <summary>Names that were given, or null.</summary>
    public static ProfileFault? Read(
        ModelContract contract, ProfileOverrides overrides, out IReadOnlyList<string>? labels)
    {
        labels = overrides.Classes;
        if (labels is not null)
        {
            return Check(labels);
        }

        if (!contract.Metadata.TryGetValue("names", out var text))
        {
            return null;
        }

        if (PythonNames.Parse(text) is not { } names)
        {
            return new ProfileFault(
                ProfileFault.Labels, "The file's metadata \"names\" cannot be read as class names; give them as labels.");
        }

        labels = names;
        return Check(labels);
    }

    /// <summary>Names for every class of the head, or a fault where their number differs.</summary>
    public static ProfileFault? Match(
        OutputHead head, int? background, IReadOnlyList<string>? labels, out IReadOnlyList<string> classes)
    {
        classes = labels ?? [];
        if (labels is null)
        {
            classes = Generate(head);
            return classes.Count > 0
                ? null
                : new ProfileFault(
                    ProfileFault.Labels, "The model's outputs do not say how many classes it has; give their names as labels.");
        }

        if (head.Classes is not { } count || count == labels.Count)
        {
            return null;
        }

        if (LacksBackground(count, labels) && Background(head, background) is { } place && place < count)
        {
            classes = [.. labels.Take(place), "background", .. labels.Skip(place)];
            return null;
        }

        return new ProfileFault(
            ProfileFault.Labels,
            $"{labels.Count} class names were given, but the model's outputs have {count} classes; give one name per class.");
    }

    /// <summary>Class that means "nothing": the owner's (-1: none), else SSD's customary first.</summary>
    public static int? Background(OutputHead head, int? background) => background switch
    {
        < 0 => null,
        not null => background,
        null => head is { Kind: DecoderKind.Ssd, Classes: not 1 } ? 0 : null,
    };

    private static ProfileFault? Check(IReadOnlyList<string> labels)
    {
        if (labels.Count == 0)
        {
            return new ProfileFault(ProfileFault.Labels, "The list of class names is empty; give one name per class.");
        }

        for (var i = 0; i < labels.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(labels[i]))
            {
                return new ProfileFault(ProfileFault.Labels, $"The name of class {i} is blank; give every class a name.");
            }
        }

        return null;
    }

    private static string[] Generate(OutputHead head) => head switch
    {
        { Kind: DecoderKind.Yunet } => ["face"],
        { Classes: { } count } => [.. Enumerable.Range(0, count).Select(i => $"class_{i}")],
        _ => [],
    };

    // Label files often leave the background out. Where one is named, the missing name is another one's: a fault.
    private static bool LacksBackground(int count, IReadOnlyList<string> labels) =>
        labels.Count == count - 1
        && !labels.Any(label => label.Contains("background", StringComparison.OrdinalIgnoreCase));
}
