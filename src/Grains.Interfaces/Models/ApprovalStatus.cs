namespace OrleansAiFleet.Models;

/// <summary>Values of <c>ai_models.approval_status</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ApprovalStatus")]
public enum ApprovalStatus
{
    Pending = 0,
    Approved = 1,
    Rejected = 2,
    RequiresReview = 3,
}
