using FsCheck.Xunit;
using OrleansAiFleet.Vision.Inference.Profiles;

namespace OrleansAiFleet.Vision.Tests.Inference.Profiles;

public sealed class PythonNamesTests
{
    [Theory]
    [InlineData("{0: 'person', 1: 'car'}", "person|car")]
    [InlineData("{1: 'car', 0: 'person',}", "person|car")]
    [InlineData("{0: \"it's\", 1: 'it\\'s', 2: 'a \"b\"'}", "it's|it's|a \"b\"")]
    [InlineData("  { 0 :'a' ,\n 1 : 'b' }\n", "a|b")]
    [InlineData("['a', \"b\"]", "a|b")]
    [InlineData("{\"0\": \"a\", \"1\": \"b\"}", "a|b")]
    [InlineData("{0: 'a, b: {c}', 1: '[d]'}", "a, b: {c}|[d]")]
    [InlineData("{0: 'h\\xe4user', 1: '\\u0444\\u0430', 2: '\\U0001F477'}", "häuser|фа|👷")]
    [InlineData("{0: 'back\\\\slash'}", "back\\slash")]
    public void Names_are_read_as_python_prints_them(string text, string names) =>
        Assert.Equal(names.Split('|'), PythonNames.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("person")]
    [InlineData("{0: 'a'")]
    [InlineData("{0: 'a}")]
    [InlineData("{0 'a'}")]
    [InlineData("{0: 'a' 1: 'b'}")]
    [InlineData("{0: 'a', 0: 'b'}")]
    [InlineData("{0: 'a', 2: 'b'}")]
    [InlineData("{-1: 'a'}")]
    [InlineData("{99999999999: 'a'}")]
    [InlineData("{0: 5}")]
    [InlineData("{0: 'a'} x")]
    [InlineData("['a' 'b']")]
    [InlineData("['\\u12']")]
    [InlineData("['\\UFFFFFFFF']")]
    [InlineData("['a\\")]
    public void Anything_else_is_not_read(string text) => Assert.Null(PythonNames.Parse(text));

    [Property]
    public void No_text_makes_it_fail(string text) => _ = PythonNames.Parse(text ?? "");

    [Property]
    public void Quoted_names_come_back(string[] names)
    {
        string[] written = [.. names.Select(name => name ?? "")];
        var quoted = written.Select((name, i) => $"{i}: '{name.Replace("\\", "\\\\").Replace("'", "\\'")}'");

        Assert.Equal(written, PythonNames.Parse($"{{{string.Join(", ", quoted)}}}"));
    }
}
