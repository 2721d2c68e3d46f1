using OrleansAiFleet.Access;

namespace OrleansAiFleet.Storage.Access;

/// <summary>A row of <c>access_grants</c>.</summary>
public sealed class GrantRow
{
    public Guid Id { get; init; }

    /// <summary>Who has the role.</summary>
    public Guid UserId { get; init; }

    public AccessRole Role { get; init; }

    /// <summary>Where; null on all sites.</summary>
    public Guid? SiteId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A row of <c>api_keys</c>.</summary>
public sealed class ApiKeyRow
{
    public Guid Id { get; init; }

    /// <summary>Whose rights it has at most.</summary>
    public Guid UserId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The key's first letters, to tell keys apart.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>SHA-256 of the key.</summary>
    public byte[] Hash { get; init; } = [];

    /// <summary>What the key signs requests with, encrypted; null where it was not made for signing.</summary>
    public string? SigningSecret { get; init; }

    /// <summary>Names of what it is limited to; null for all that its owner may.</summary>
    public string[]? Actions { get; init; }

    /// <summary>Sites that it is limited to; null for all of its owner's.</summary>
    public Guid[]? SiteIds { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The key that took its place.</summary>
    public Guid? ReplacedBy { get; set; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
