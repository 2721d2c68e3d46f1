namespace OrleansAiFleet.Evaluations;

/// <summary>Values of <c>model_evaluation_results.review_status</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.ReviewStatus")]
public enum ReviewStatus
{
    Pending = 0,
    Approved = 1,
    RequiresRevision = 2,
    Rejected = 3,
}
