namespace OrleansAiFleet.Audit;

/// <summary>Something that was done, refused or read, before it has its place in the trail.</summary>
public sealed record AuditRecord
{
    /// <summary>By whom; null: by the fleet itself.</summary>
    public Caller? Caller { get; init; }

    /// <summary>What, as <c>noun.verb</c>: <c>cameras.create</c>, <c>sessions.sign_in</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What became of it.</summary>
    public AuditOutcome Outcome { get; init; }

    /// <summary>Table or kind of what it was done to; null for none.</summary>
    public string? TargetType { get; init; }

    /// <summary>Its id.</summary>
    public string? TargetId { get; init; }

    /// <summary>The site that it belongs to; null for none.</summary>
    public Guid? SiteId { get; init; }

    /// <summary>Why it was refused, or another short remark; never a secret.</summary>
    public string? Reason { get; init; }

    /// <summary>Changed columns as they were, as JSON; null where it was not there. Secrets are masked.</summary>
    public string? Before { get; init; }

    /// <summary>Changed columns as they are now, as JSON; null where it is gone. Secrets are masked.</summary>
    public string? After { get; init; }
}

/// <summary>What became of an attempt. Stored by name: never rename.</summary>
public enum AuditOutcome
{
    /// <summary>It was done.</summary>
    Done = 0,

    /// <summary>It was not allowed.</summary>
    Refused = 1,

    /// <summary>It was allowed and failed.</summary>
    Failed = 2,
}
