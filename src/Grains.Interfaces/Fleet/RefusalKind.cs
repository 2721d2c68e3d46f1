namespace OrleansAiFleet.Fleet;

/// <summary>Why a request was refused.</summary>
[GenerateSerializer, Alias("Fleet.RefusalKind")]
public enum RefusalKind
{
    /// <summary>A field has a value that cannot be taken: 400.</summary>
    Invalid = 0,

    /// <summary>What the request names does not exist: 404.</summary>
    NotFound = 1,

    /// <summary>It exists in a state that forbids this, or somebody else changed it: 409.</summary>
    Conflict = 2,

    /// <summary>Something that is needed is away for the moment (no worker, no database): 503.</summary>
    Unavailable = 3,
}
