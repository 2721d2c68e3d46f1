using System.Globalization;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>Class names that somebody gave, and who.</summary>
/// <param name="Names">By class id.</param>
/// <param name="Source">Who gave them, to go behind "from".</param>
internal sealed record GivenLabels(IReadOnlyList<string> Names, string Source)
{
    private const string OwnKey = "names";
    private const int MostNames = 100_000;

    // Ultralytics' own first; the others are what exporters of other families write.
    private static readonly string[] Keys = [OwnKey, "classes", "class_names", "labels"];

    /// <summary>The owner's, else the file's, else null; a fault where they cannot be read.</summary>
    public static ProfileFault? Read(ModelContract contract, ProfileOverrides overrides, out GivenLabels? labels)
    {
        labels = overrides.Classes is { } owners ? new GivenLabels(owners, "the registration") : null;
        if (labels is not null)
        {
            return Check(labels.Names);
        }

        foreach (var key in Keys)
        {
            if (!contract.Metadata.TryGetValue(key, out var text))
            {
                continue;
            }

            if (Parse(text) is { } names)
            {
                labels = new GivenLabels(names, $"the file's metadata \"{key}\"");
                return Check(names);
            }

            // Under the other keys there may be something else: their number, a word.
            if (key == OwnKey)
            {
                return new ProfileFault(
                    ProfileFault.Labels, "The file's metadata \"names\" cannot be read as class names; give them as labels.");
            }
        }

        return null;
    }

    // As Python or JSON print them, else one a line or between commas.
    private static IReadOnlyList<string>? Parse(string text)
    {
        if (PythonNames.Parse(text) is { } names)
        {
            return names;
        }

        var plain = text.Trim();
        if (plain.Length == 0 || plain[0] is '{' or '[' || double.TryParse(plain, CultureInfo.InvariantCulture, out _))
        {
            return null;
        }

        var separator = plain.Contains('\n', StringComparison.Ordinal) ? '\n' : plain.Contains(',', StringComparison.Ordinal) ? ',' : ';';
        var parts = plain.Trim('(', ')').Split(separator, MostNames, StringSplitOptions.TrimEntries);
        return [.. parts.Where((part, i) => part.Length > 0 || i < parts.Length - 1).Select(part => part.Trim('\'', '"'))];
    }

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
}
