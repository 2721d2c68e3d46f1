using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>One numbered step of the schema: an embedded file <c>NNNN_what.sql</c>.</summary>
/// <param name="Name">The file's name without extension; names order by number.</param>
/// <param name="Sql">Its statements.</param>
/// <param name="Checksum">Hex SHA-256 of the text with line ends as LF.</param>
internal sealed record Migration(string Name, string Sql, string Checksum)
{
    /// <summary>All of them in the order they are applied.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    /// <summary>A migration of a text, whatever its line ends.</summary>
    public static Migration Of(string name, string text)
    {
        var sql = text.ReplaceLineEndings("\n");
        return new(name, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
    }

    private static Migration[] Load()
    {
        var assembly = typeof(Migration).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    return Of(Path.GetFileNameWithoutExtension(name), reader.ReadToEnd());
                }),
        ];
    }
}
