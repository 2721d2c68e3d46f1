namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>How the configuration file spells choices: <c>letterbox_top_left</c> for <see cref="ResizeMode.LetterboxTopLeft"/>.</summary>
internal static class ProfileSpelling
{
    /// <summary>The configuration file's word.</summary>
    public static string Spell<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((letter, i) =>
            char.IsUpper(letter) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    /// <summary>Reads a word; a word that does not exist is a fault that lists those that do.</summary>
    public static ProfileFault? Read<T>(string name, string? word, T otherwise, out T value)
        where T : struct, Enum
    {
        value = otherwise;
        if (word is null)
        {
            return null;
        }

        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Spell(candidate) == word)
            {
                value = candidate;
                return null;
            }
        }

        var words = string.Join(", ", Enum.GetValues<T>().Select(Spell));
        return new ProfileFault($"configuration.{name}", $"{name} \"{word}\" is not known; give one of {words}.");
    }
}
