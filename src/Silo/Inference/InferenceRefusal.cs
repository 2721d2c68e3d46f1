namespace OrleansAiFleet.Silo.Inference;

/// <summary>Why a call, or one of its pictures, is not answered.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">For metrics: <c>rate_limit</c>.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Field">The request's field at fault, or null.</param>
/// <param name="RetryAfter">When it is worth coming again, or null.</param>
internal sealed record InferenceRefusal(int Status, string Reason, string Detail, string? Field = null, TimeSpan? RetryAfter = null);

/// <summary>Carries a refusal of the whole call to where it is answered.</summary>
internal sealed class InferenceRefusedException(InferenceRefusal refusal) : Exception(refusal.Detail)
{
    public InferenceRefusal Refusal => refusal;
}
