using System.Globalization;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>The files of one destination: <c>name-20260304-000001.jsonl</c>, one after the other by day and size.</summary>
/// <param name="folder">Where they lie, perhaps beside those of others.</param>
/// <param name="name">Beginning of their names.</param>
internal sealed class FileSeries(string folder, string name)
{
    private const string Extension = ".jsonl";
    private const string DayFormat = "yyyyMMdd";

    /// <summary>The file that takes the next lines.</summary>
    /// <param name="day">Of today.</param>
    /// <param name="rollBytes">A file that has as many is full.</param>
    public string Current(DateOnly day, long rollBytes)
    {
        var prefix = $"{name}-{day.ToString(DayFormat, CultureInfo.InvariantCulture)}-";
        var last = Files().LastOrDefault(file => file.Name.StartsWith(prefix, StringComparison.Ordinal));
        var number = last is null ? 1 : int.Parse(last.Name[prefix.Length..^Extension.Length], CultureInfo.InvariantCulture);
        return Path.Combine(folder, PathOf(prefix, last is { } file && file.Length >= rollBytes ? number + 1 : number));
    }

    /// <summary>Deletes the oldest files until the rest has at most so many bytes; the last one stays.</summary>
    public void Trim(long maxBytes)
    {
        var files = Files();
        var held = files.Sum(file => file.Length);
        foreach (var file in files.SkipLast(1).TakeWhile(_ => held > maxBytes))
        {
            held -= file.Length;
            file.Delete();
        }
    }

    private static string PathOf(string prefix, int number) => $"{prefix}{number.ToString("D6", CultureInfo.InvariantCulture)}{Extension}";

    // By name is by age: day and number have a fixed width.
    private List<FileInfo> Files() =>
    [
        .. new DirectoryInfo(folder).GetFiles($"{name}-*{Extension}")
            .Where(file => IsOurs(file.Name))
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    // Another destination's name may begin with this one.
    private bool IsOurs(string file)
    {
        var rest = file.AsSpan(name.Length + 1, file.Length - name.Length - 1 - Extension.Length);
        return rest.Length == 15 && rest[8] == '-'
            && DateOnly.TryParseExact(rest[..8], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && int.TryParse(rest[9..], NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
