namespace OrleansAiFleet.Models;

/// <summary>A name that moves from version to version of one model (<c>champion</c>): a row of <c>model_aliases</c>.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelAlias")]
public sealed record ModelAlias
{
    /// <summary>See <see cref="ModelKeys.OfAlias"/>.</summary>
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
