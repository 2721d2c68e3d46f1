using System.Text.RegularExpressions;

using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Architecture.Tests;

/// <summary>No column of a deployment is only stored: each has its line in the documentation, with the test that shows what it does.</summary>
public sealed partial class DeploymentColumnsTests
{
    private static readonly string Root = RealData.RepositoryRoot;

    [Fact]
    public void Every_column_has_its_effect_and_a_test_that_is_there()
    {
        var customers = File.ReadLines(Path.Combine(Root, "tests/Storage.Tests/Fleet/customer-schema.txt"))
            .SkipWhile(line => line != "# model_deployments").Skip(1).TakeWhile(line => !line.StartsWith('#'))
            .Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]).ToArray();
        var described = Rows().Matches(File.ReadAllText(Path.Combine(Root, "docs/deployment-columns.md")))
            .ToDictionary(row => row.Groups[1].Value, row => (Effect: row.Groups[2].Value, Tests: row.Groups[3].Value));
        var tests = Directory.GetFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet();

        Assert.Equal(48, customers.Length);
        Assert.Empty(customers.Except(described.Keys));
        Assert.All(described, row =>
        {
            Assert.False(string.IsNullOrWhiteSpace(row.Value.Effect), row.Key);
            var named = TestNames().Matches(row.Value.Tests).Select(name => name.Groups[1].Value).ToArray();
            Assert.True(named.Length > 0, $"{row.Key} names no test.");
            Assert.All(named, name => Assert.True(tests.Contains(name), $"{row.Key} names {name}, which is not there."));
        });
    }

    [GeneratedRegex(@"^\| `(\w+)`(?: \*)? \| (.*) \| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestNames();
}
