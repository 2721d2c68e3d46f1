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

    /// <summary>It must say which version of the row it is meant for: 428.</summary>
    PreconditionRequired = 4,

    /// <summary>A part of the request needs a right that the caller does not have: 403.</summary>
    Forbidden = 5,
}
