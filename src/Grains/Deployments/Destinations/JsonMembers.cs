using System.Text.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>
/// Takes the members of one JSON object, each by its name and kind. What cannot be taken is refused by its path, and so is what was
/// never asked for.
/// </summary>
/// <param name="path">Where the object stands, as <c>output_destinations[2]</c>.</param>
/// <param name="element">The object.</param>
internal sealed class JsonMembers(string path, JsonElement element)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string PathOf(string member) => $"{path}.{member}";

    /// <summary>Whether the member is there, be it null.</summary>
    public bool Has(string member)
    {
        _known.Add(member);
        return element.TryGetProperty(member, out _);
    }

    /// <summary>A text, or null where it is left out or null.</summary>
    public string? FindText(string member, int maximum)
    {
        if (Find(member) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw Refuse(member, "must be a text.");
        }

        Field.Text(PathOf(member), value.GetString(), maximum).ThrowIfRefused();
        return value.GetString();
    }

    /// <summary>A text that says something.</summary>
    public string Text(string member, int maximum) =>
        FindText(member, maximum) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Refuse(member, "is needed.");

    public long Whole(string member, long otherwise, long minimum, long maximum)
    {
        if (Find(member) is not { } value)
        {
            return otherwise;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= minimum && number <= maximum
            ? number
            : throw Refuse(member, $"must be a whole number from {minimum} to {maximum}.");
    }

    public double? FindShare(string member)
    {
        if (Find(member) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is >= 0 and <= 1
            ? number
            : throw Refuse(member, "must be a number from 0 to 1.");
    }

    public bool Flag(string member) => Find(member) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Refuse(member, "must be true or false."),
    };

    /// <summary>An array that names something, or null where it is left out or null.</summary>
    public string[]? FindTexts(string member, int most, int maximum)
    {
        if (Find(member) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 || value.GetArrayLength() > most)
        {
            throw Refuse(member, $"must be an array of 1 to {most} texts, or left out.");
        }

        var texts = value.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.String ? each.GetString()! : "").ToArray();
        return texts.All(text => text.Length > 0 && text.Length <= maximum && !text.Contains('\0'))
            ? texts
            : throw Refuse(member, $"must have texts of 1 to {maximum} characters.");
    }

    public Guid[]? FindIds(string member, int most)
    {
        var texts = FindTexts(member, most, 36);
        return texts?.Select(text => Guid.TryParse(text, out var id) ? id : throw Refuse(member, $"has '{text}', which is no id.")).ToArray();
    }

    /// <summary>An object of whole numbers by id.</summary>
    public IReadOnlyDictionary<Guid, int> WholesById(string member, int most, int minimum, int maximum)
    {
        var given = Find(member) is { ValueKind: JsonValueKind.Object } value ? value.EnumerateObject().ToArray() : [];
        if (given.Length == 0 || given.Length > most)
        {
            throw Refuse(member, $"must be an object of 1 to {most} ids, each with a whole number from {minimum} to {maximum}.");
        }

        var numbers = new Dictionary<Guid, int>(given.Length);
        foreach (var (key, one) in given.Select(each => (each.Name, each.Value)))
        {
            if (!Guid.TryParse(key, out var id) || !numbers.TryAdd(id, 0))
            {
                throw Refuse(member, $"has '{key}', which is no id or stands there twice.");
            }

            numbers[id] = one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out var number) && number >= minimum && number <= maximum
                ? number
                : throw Refuse(member, $"has for '{key}' something else than a whole number from {minimum} to {maximum}.");
        }

        return numbers;
    }

    /// <summary>Members that answers have and requests may repeat: taken and forgotten.</summary>
    public void Ignore(string member) => _known.Add(member);

    /// <summary>Refuses what was not asked for.</summary>
    public void End()
    {
        if (element.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !_known.Contains(name)) is { } stranger)
        {
            throw Refuse(stranger, $"is not known; {path} may have {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>A refusal of a member.</summary>
    /// <param name="member">Its name.</param>
    /// <param name="words">What is wrong, to follow its path.</param>
    public FleetRefusedException Refuse(string member, string words) =>
        Refusal.Invalid(PathOf(member), $"{PathOf(member)} {words}").ToException();

    private JsonElement? Find(string member) => Has(member) && element.GetProperty(member) is { ValueKind: not JsonValueKind.Null } value ? value : null;
}
