using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Models;

/// <summary>A name that moves from version to version of one model (<c>champion</c>): a row of <c>model_aliases</c>.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelAlias")]
public sealed record ModelAlias
{
    /// <summary>See <see cref="ModelAliasKey"/>.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    /// <summary>The model's name, which its versions share.</summary>
    [Id(1)]
    public string Name { get; init; } = "";

    /// <summary>The site it holds for, before the fleet's alias of the same name; null: the whole fleet.</summary>
    [Id(2)]
    public Guid? SiteId { get; init; }

    /// <summary>Lower-case letters, digits, <c>-</c> and <c>_</c>, without the <c>@</c>.</summary>
    [Id(3)]
    public string Alias { get; init; } = "";

    /// <summary>The version it names now.</summary>
    [Id(4)]
    public Guid ModelId { get; init; }

    /// <summary>Who moved it there.</summary>
    [Id(5)]
    public Guid? SetBy { get; init; }

    [Id(6)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(7)]
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Ids of aliases and categories, derived from what they are called: the first 128 bits of a SHA-256.</summary>
public static class ModelAliasKey
{
    /// <summary>The id of an alias. Names of models differ in every letter, aliases are lower case.</summary>
    public static Guid Of(string name, Guid? siteId, string alias) => Derive("model-alias", name, siteId?.ToString("D") ?? "", alias);

    /// <summary>The id of a category; upper and lower case of A to Z are one.</summary>
    public static Guid OfCategory(string name) => Derive("model-category", string.Concat(name.Select(Lower)));

    private static char Lower(char letter) => char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter;

    private static Guid Derive(params ReadOnlySpan<string?> parts) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', parts!))).AsSpan(0, 16), bigEndian: true);
}
