using System.Diagnostics.Metrics;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>Counts calls from outside by what became of them, and measures them.</summary>
internal sealed class InferenceMeter : IDisposable
{
    public const string Name = "OrleansAiFleet.Silo.Inference";

    private const string Answered = "answered";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _pictures;
    private readonly Histogram<double> _duration;

    public InferenceMeter()
    {
        _requests = _meter.CreateCounter<long>(
            "fleet.inference.requests", "{request}", "Requests from outside to a deployment: answered, or why refused");
        _pictures = _meter.CreateCounter<long>("fleet.inference.pictures", "{picture}", "Their pictures: answered, or why not");
        _duration = _meter.CreateHistogram<double>("fleet.inference.duration", "ms", "From a request's arrival to its answer, answered ones alone");
    }

    /// <summary>A call has its answer.</summary>
    public void CountAnswered(Guid deploymentId, double milliseconds)
    {
        _requests.Add(1, Of(deploymentId), Result(Answered));
        _duration.Record(milliseconds, Of(deploymentId));
    }

    /// <summary>A call has a refusal.</summary>
    public void CountRefused(Guid deploymentId, string reason) => _requests.Add(1, Of(deploymentId), Result(reason));

    /// <summary>A picture has its answer, or a refusal.</summary>
    public void CountPicture(Guid deploymentId, string? reason) => _pictures.Add(1, Of(deploymentId), Result(reason ?? Answered));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Of(Guid deploymentId) => new("deployment_id", deploymentId);

    private static KeyValuePair<string, object?> Result(string result) => new("result", result);
}
