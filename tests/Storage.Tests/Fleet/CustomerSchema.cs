using System.Text.RegularExpressions;

namespace OrleansAiFleet.Storage.Tests.Fleet;

/// <summary>The customer's own text of their five tables, column by column, in the terms of PostgreSQL.</summary>
internal static partial class CustomerSchema
{
    public static IReadOnlyList<CustomerColumn> Columns { get; } = [.. Read()];

    private static IEnumerable<CustomerColumn> Read()
    {
        using var stream = typeof(CustomerSchema).Assembly.GetManifestResourceStream("customer-schema.txt")!;
        using var reader = new StreamReader(stream);
        var table = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                table = line[2..];
            }
            else
            {
                yield return Parse(table, Column().Match(line));
            }
        }
    }

    private static CustomerColumn Parse(string table, Match match)
    {
        var rest = match.Groups["rest"].Value;
        var values = match.Groups["values"].Success
            ? Value().Matches(match.Groups["values"].Value).Select(value => value.Groups[1].Value).ToArray()
            : [];
        return new(
            table,
            match.Groups["name"].Value,
            TypeOf(match.Groups["type"].Value, match.Groups["size"].Value),
            Default().Match(rest) is { Success: true } given ? given.Groups[1].Value.Trim('\'') : null,
            rest.Contains("NOT NULL", StringComparison.Ordinal) || rest.Contains("Primary Key", StringComparison.Ordinal),
            ForeignKey().Match(rest) is { Success: true } key ? key.Groups[1].Value : null,
            values);
    }

    private static string TypeOf(string type, string size) => type switch
    {
        "VARCHAR" => $"character varying{size}",
        "DECIMAL" => $"numeric{size}",
        "JSON" => "jsonb",
        "TIMESTAMP" => "timestamp with time zone",
        "ENUM" => "enum",
        _ => type.ToLowerInvariant(),
    };

    [GeneratedRegex(@"^(?<name>\w+): (?<type>[A-Z]+)(?:(?<size>\([\d,]+\))|\((?<values>'[^)]*)\))?(?<rest>.*)$")]
    private static partial Regex Column();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Value();

    [GeneratedRegex(@"DEFAULT (\S+)")]
    private static partial Regex Default();

    [GeneratedRegex(@"Foreign Key → (\w+)\.id")]
    private static partial Regex ForeignKey();
}

internal sealed record CustomerColumn(
    string Table, string Name, string Type, string? Default, bool NotNull, string? References, string[] Values);
