using System.Text;

namespace OrleansAiFleet.System.Tests.Access;

/// <summary>Secrets given to a fleet, to be looked for in everything that it tells.</summary>
internal sealed class PlantedSecrets
{
    private readonly Dictionary<string, string> _byText = [];

    /// <summary>How many there are.</summary>
    public int Count => _byText.Count;

    /// <summary>Takes note of a secret and gives it back.</summary>
    public string Plant(string name, string secret)
    {
        Assert.True(secret.Length >= 8, $"{name} is too short to be told from other text.");
        _byText[secret] = name;
        return secret;
    }

    /// <summary>Names of the secrets that stand in a text, in whatever way they are written.</summary>
    public IEnumerable<string> FindIn(string text) =>
        _byText.Where(planted => Spellings(planted.Key).Any(spelling => text.Contains(spelling, StringComparison.OrdinalIgnoreCase)))
            .Select(planted => planted.Value);

    private static IEnumerable<string> Spellings(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return Convert.ToHexString(bytes);
        yield return Convert.ToBase64String(bytes).TrimEnd('=');

        // Within something longer, as in a Basic header: whatever stands before it.
        yield return Convert.ToBase64String([0, .. bytes])[4..^4];
        yield return Convert.ToBase64String([0, 0, .. bytes])[4..^4];
    }
}
