using System.Collections.Frozen;

namespace OrleansAiFleet.Access;

/// <summary>The sites that somebody may see or touch for one action: all of them, or some, or none.</summary>
public sealed class SiteScope
{
    private SiteScope(FrozenSet<Guid>? sites) => Sites = sites;

    /// <summary>Every site there is and will be.</summary>
    public static SiteScope All { get; } = new(null);

    /// <summary>No site.</summary>
    public static SiteScope None { get; } = new(FrozenSet<Guid>.Empty);

    /// <summary>The sites, or null for all of them.</summary>
    public IReadOnlySet<Guid>? Sites { get; }

    /// <summary>Whether it covers nothing at all.</summary>
    public bool IsEmpty => Sites is { Count: 0 };

    /// <summary>These sites and no other.</summary>
    public static SiteScope Of(IEnumerable<Guid> sites) => new(sites.ToFrozenSet());

    /// <summary>The sites as they go into a query or a grain call; null for all of them.</summary>
    public Guid[]? ToArray() => Sites is null ? null : [.. Sites];

    /// <summary>Whether it covers a site.</summary>
    public bool Covers(Guid siteId) => Sites?.Contains(siteId) ?? true;

    /// <summary>What both cover.</summary>
    public SiteScope Intersect(SiteScope other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Sites is null ? other : other.Sites is null ? this : Of(Sites.Where(other.Covers));
    }
}
