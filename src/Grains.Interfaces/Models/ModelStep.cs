namespace OrleansAiFleet.Models;

/// <summary>What can be done to move a model version through its life. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ModelStep")]
public enum ModelStep
{
    /// <summary>It is being trained.</summary>
    StartTraining = 0,

    /// <summary>It is tried out.</summary>
    StartTesting = 1,

    /// <summary>It is measured against what it must reach.</summary>
    StartValidation = 2,

    /// <summary>Back to work on it.</summary>
    ReturnToDevelopment = 3,

    /// <summary>One approver says yes; the last one needed makes it approved.</summary>
    Approve = 4,

    /// <summary>An approver says no.</summary>
    Reject = 5,

    /// <summary>An approver sends it back with reasons.</summary>
    RequestReview = 6,

    /// <summary>Its owner asks for approval again: a new round.</summary>
    Resubmit = 7,

    /// <summary>Nothing new is deployed with it; what runs goes on.</summary>
    Deprecate = 8,

    /// <summary>A deprecated version is good again.</summary>
    Reinstate = 9,

    /// <summary>Out of sight, kept for good.</summary>
    Archive = 10,

    /// <summary>Back out of the archive, to be approved anew.</summary>
    Restore = 11,

    /// <summary>Another <see cref="LifecycleStage"/>.</summary>
    SetStage = 12,
}
