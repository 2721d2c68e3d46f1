using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Models;

/// <summary>
/// <c>ai_models.export_restrictions</c> as far as it can be enforced: lines <c>only: NZ, AU</c> and <c>not: KP, IR</c> with ISO 3166-1
/// codes; lines that begin with <c>#</c> are notes. Pure. Text of another form is a restriction that nobody can check, and so holds everywhere.
/// </summary>
internal sealed class ExportRestriction
{
    private readonly HashSet<string> _only = [];
    private readonly HashSet<string> _not = [];
    private string? _unread;

    public static ExportRestriction Parse(string? text)
    {
        var restriction = new ExportRestriction();
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith('#') && !restriction.Take(line))
            {
                restriction._unread ??= line;
            }
        }

        return restriction;
    }

    /// <summary>The first line that is none of the forms, or null: for whoever writes it.</summary>
    public string? Unread => _unread;

    /// <summary>Why a country is not allowed, or null where it is.</summary>
    /// <param name="country">ISO 3166-1 alpha-2 of the site, or null.</param>
    public string? Refuses(string? country)
    {
        if (_unread is not null)
        {
            return $"its export restriction '{Shorten(_unread)}' cannot be checked. Write it as 'only: NZ, AU' or 'not: KP', notes after #.";
        }

        if (_only.Count == 0 && _not.Count == 0)
        {
            return null;
        }

        if (country is null)
        {
            return "it has export restrictions and the site no country.";
        }

        return _not.Contains(country) ? $"its export restrictions exclude {country}."
            : _only.Count > 0 && !_only.Contains(country)
                ? $"its export restrictions allow {string.Join(", ", _only.Order(StringComparer.Ordinal))} only, the site is in {country}."
            : null;
    }

    private bool Take(string line)
    {
        var colon = line.IndexOf(':');
        var into = colon < 0 ? null : line[..colon].TrimEnd().ToUpperInvariant() switch { "ONLY" => _only, "NOT" => _not, _ => null };
        var codes = line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries).Select(code => code.ToUpperInvariant()).ToArray();
        if (into is null || !codes.All(CountryCodes.Contains))
        {
            return false;
        }

        into.UnionWith(codes);
        return true;
    }

    private static string Shorten(string line) => line.Length <= 80 ? line : line[..80] + "…";
}
