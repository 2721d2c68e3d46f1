using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Architecture.Tests;

/// <summary>A file is one idea.</summary>
public sealed class FileTests
{
    private const int MostLines = 300;
    private const int MostColumns = 160;

    private static IEnumerable<(string Path, string[] Lines)> Sources =>
        Directory.GetFiles(Path.Combine(RealData.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(path => (path, File.ReadAllLines(path)));

    [Fact]
    public void No_source_file_is_longer_than_a_reader_can_hold() =>
        Assert.Empty(Sources.Where(file => file.Lines.Length > MostLines).Select(file => $"{file.Path}: {file.Lines.Length} lines"));

    [Fact]
    public void No_line_runs_off_the_screen() =>
        Assert.Empty(Sources.SelectMany(file => file.Lines
            .Select((line, i) => (line, i))
            .Where(pair => pair.line.Length > MostColumns)
            .Select(pair => $"{file.Path}:{pair.i + 1}: {pair.line.Length} columns")));

    [Fact]
    public void Nothing_is_left_for_later()
    {
        string[] marks = ["TODO", "FIXME", "HACK", "NotImplementedException"];
        Assert.Empty(Sources.SelectMany(file => file.Lines
            .Select((line, i) => (line, i))
            .Where(pair => marks.Any(mark => pair.line.Contains(mark, StringComparison.Ordinal)))
            .Select(pair => $"{file.Path}:{pair.i + 1}: {pair.line.Trim()}")));
    }

    // What EF changes without SaveChanges, no interceptor sees: such a change would have no record in the audit trail.
    [Fact]
    public void Rows_are_changed_only_where_the_audit_trail_sees_it()
    {
        string[] ways = ["ExecuteDelete", "ExecuteUpdate", "ExecuteSql"];
        Assert.Empty(Sources.SelectMany(file => file.Lines
            .Select((line, i) => (line, i))
            .Where(pair => ways.Any(way => pair.line.Contains(way, StringComparison.Ordinal)))
            .Select(pair => $"{file.Path}:{pair.i + 1}: {pair.line.Trim()}")));
    }
}
