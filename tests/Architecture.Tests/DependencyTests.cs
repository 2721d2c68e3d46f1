namespace OrleansAiFleet.Architecture.Tests;

/// <summary>Who may depend on whom: the table of docs/architecture.md.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Grains.Interfaces"] = [],
        ["Vision"] = [],
        ["Grains"] = ["Grains.Interfaces", "Vision"],
        ["Storage"] = ["Grains.Interfaces"],
        ["Integrations"] = ["Grains.Interfaces", "Vision"],
        ["Hosting"] = ["Grains.Interfaces", "Storage"],
        ["GpuWorker"] = ["Grains.Interfaces", "Hosting", "Storage", "Vision"],
        ["Trainer"] = ["Vision"],
        ["Silo"] = ["Grains", "Hosting", "Integrations", "Storage"],
        ["WebAdmin"] = ["Grains.Interfaces", "Hosting", "Storage"],
    };

    [Fact]
    public void Every_project_has_its_line_in_the_table() => Assert.Equal(
        Allowed.Keys.Order(StringComparer.Ordinal),
        ProjectFile.Sources.Select(project => project.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void No_project_depends_on_what_the_table_does_not_allow()
    {
        var breaches = ProjectFile.Sources.SelectMany(project => project.References
            .Where(reference => !Allowed[project.Name].Contains(reference))
            .Select(reference => $"{project.Name} -> {reference}"));

        Assert.Empty(breaches);
    }

    [Fact]
    public void Vision_is_pure_and_takes_no_package() => Assert.Empty(Source("Vision").Packages);

    [Fact]
    public void What_crosses_a_grain_call_needs_only_the_Orleans_SDK() =>
        Assert.Equal(["Microsoft.Orleans.Sdk"], Source("Grains.Interfaces").Packages);

    [Fact]
    public void Grains_open_no_database_and_no_web() => Assert.DoesNotContain(
        Source("Grains").Packages,
        package => package.StartsWith("Npgsql", StringComparison.Ordinal) || package.Contains("AspNetCore", StringComparison.Ordinal));

    private static ProjectFile Source(string name) => ProjectFile.Sources.Single(project => project.Name == name);
}
