using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary>A key to make.</summary>
public sealed record CreateApiKey
{
    /// <summary>Id of your choice: a repeated request is refused, as the key cannot be shown again.</summary>
    public Guid? Id { get; init; }

    [Required, StringLength(255)]
    public string Name { get; init; } = "";

    /// <summary>Whose rights it has at most; left out: your own.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>What it is limited to; left out: all that its owner may.</summary>
    [MaxLength(100)]
    public AccessAction[]? Actions { get; init; }

    /// <summary>Sites that it is limited to; left out: all of its owner's.</summary>
    [MaxLength(1000)]
    public Guid[]? SiteIds { get; init; }

    /// <summary>Days that it is good, 1 to 730.</summary>
    [Range(1, 730)]
    public int ExpiresInDays { get; init; } = 90;

    /// <summary>Makes a secret besides, for signed requests.</summary>
    public bool Signing { get; init; }
}

/// <summary>How a key is replaced.</summary>
public sealed record RotateApiKey
{
    /// <summary>Hours that the old key stays good, 0 to 720.</summary>
    [Range(0, 720)]
    public int OverlapHours { get; init; } = 24;

    /// <summary>Days that the new key is good, 1 to 730.</summary>
    [Range(1, 730)]
    public int ExpiresInDays { get; init; } = 90;
}

/// <summary>A key as it is listed.</summary>
public record ApiKey
{
    public required Guid Id { get; init; }

    public required Guid OwnerId { get; init; }

    public required string Name { get; init; }

    /// <summary>Its first letters.</summary>
    public required string Prefix { get; init; }

    public IReadOnlyList<string>? Actions { get; init; }

    public IReadOnlyList<Guid>? SiteIds { get; init; }

    /// <summary>Whether it can sign requests.</summary>
    public bool Signing { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public Guid? ReplacedBy { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    internal static ApiKey Of(ApiKeyRow row) => new()
    {
        Id = row.Id,
        OwnerId = row.UserId,
        Name = row.Name,
        Prefix = row.Prefix,
        Actions = row.Actions,
        SiteIds = row.SiteIds,
        Signing = row.SigningSecret is not null,
        ExpiresAt = row.ExpiresAt,
        RevokedAt = row.RevokedAt,
        ReplacedBy = row.ReplacedBy,
        LastUsedAt = row.LastUsedAt,
        CreatedAt = row.CreatedAt,
    };
}

/// <summary>A new key. Shown once.</summary>
public sealed record CreatedApiKey
{
    public required ApiKey Key { get; init; }

    /// <summary>For <c>X-Api-Key</c>.</summary>
    public required string Secret { get; init; }

    /// <summary>What requests are signed with, where that was asked for.</summary>
    public string? SigningSecret { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Key = ").Append(Key.Id);
        return true;
    }
}
