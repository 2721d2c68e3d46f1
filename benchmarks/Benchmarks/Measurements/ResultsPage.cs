using System.Text;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>The Markdown page of results: a section per benchmark. Running one benchmark leaves the other sections alone.</summary>
/// <param name="path">The file; made where it is not there.</param>
/// <param name="order">Names of the sections in the order in which they stand; unknown ones stay last.</param>
public sealed class ResultsPage(string path, IReadOnlyList<string> order)
{
    private const string SectionMark = "## ";

    private const string Head = """
        # Benchmarks

        Medians of rounds run in turn. Ratios are what counts: times depend on the machine, which each section names.

        """;

    /// <summary><c>docs/benchmarks.md</c> of the checkout that <c>FLEET_ROOT</c> names, or of the one this runs from.</summary>
    public static string DefaultPath =>
        Path.Combine(Environment.GetEnvironmentVariable("FLEET_ROOT") ?? RealData.RepositoryRoot, "docs", "benchmarks.md");

    /// <summary>Puts a section in the place of the one of the same name.</summary>
    public async Task PutAsync(string name, string section, CancellationToken cancellationToken)
    {
        var page = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : Head;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        await File.WriteAllTextAsync(path, Replace(page, name, section), cancellationToken);
    }

    private string Replace(string page, string name, string section)
    {
        var (head, sections) = Split(page);
        sections[name] = section;
        var text = new StringBuilder(head.TrimEnd()).AppendLine();
        foreach (var (_, one) in sections.OrderBy(pair => Place(pair.Key)))
        {
            text.AppendLine().AppendLine(one.TrimEnd());
        }

        return text.ToString();
    }

    private static (string Head, Dictionary<string, string> Sections) Split(string page)
    {
        var head = new StringBuilder();
        var sections = new Dictionary<string, string>();
        var current = head;
        string? name = null;
        foreach (var line in page.Split('\n'))
        {
            if (line.StartsWith(SectionMark, StringComparison.Ordinal))
            {
                Close();
                (name, current) = (line[SectionMark.Length..].Trim(), new());
            }

            current.Append(line).Append('\n');
        }

        Close();
        return (head.ToString(), sections);

        void Close()
        {
            if (name is not null)
            {
                sections[name] = current.ToString();
            }
        }
    }

    private int Place(string name) => order.TakeWhile(known => known != name).Count();
}
