using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Models;

/// <summary>Ids of aliases and categories, derived from what they are called: the first 128 bits of a SHA-256.</summary>
public static class ModelKeys
{
    /// <summary>The id of an alias. Names of models differ in every letter, aliases are lower case.</summary>
    public static Guid OfAlias(string name, Guid? siteId, string alias) => Derive("model-alias", name, siteId?.ToString("D") ?? "", alias);

    /// <summary>The id of a category; upper and lower case of A to Z are one.</summary>
    public static Guid OfCategory(string name) => Derive("model-category", string.Concat(name.Select(Lower)));

    private static char Lower(char letter) => char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter;

    private static Guid Derive(params ReadOnlySpan<string?> parts) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', parts!))).AsSpan(0, 16), bigEndian: true);
}
