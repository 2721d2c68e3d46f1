using System.Diagnostics.Metrics;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>
/// <c>deployment_instances{deployment_id,state}</c> of deployments that are scheduled, <c>deployment_scalings_total{direction}</c>, and
/// starts out of sleep: <c>deployment_cold_starts_total</c>, <c>deployment_cold_start_milliseconds</c>. On the scheduler's silo.
/// </summary>
internal sealed class ScalingMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _scalings;
    private readonly Counter<long> _coldStarts;
    private readonly Histogram<double> _coldStart;
    private IReadOnlyList<(Guid Deployment, int Wanted, int Ready, int Loading)> _instances = [];

    public ScalingMeter()
    {
        _meter = new(new MeterOptions("OrleansAiFleet.Deployments.Scaling") { Scope = this });
        _meter.CreateObservableGauge("deployment.instances", Observe, null, "Workers that hold a deployment's model or load it, and those wanted");
        _scalings = _meter.CreateCounter<long>("deployment.scalings", null, "Changes of a deployment's instances");
        _coldStarts = _meter.CreateCounter<long>("deployment.cold_starts", null, "Requests that started a deployment that slept");
        _coldStart = _meter.CreateHistogram<double>("deployment.cold_start", "ms", "From such a request's arrival to its answer");
    }

    /// <summary>What there is now.</summary>
    public void Show(IReadOnlyList<(Guid Deployment, int Wanted, int Ready, int Loading)> instances) => Volatile.Write(ref _instances, instances);

    /// <summary>A decision was stored.</summary>
    public void Count(ScalingDecision decision)
    {
        if (decision.FromInstances != decision.ToInstances)
        {
            _scalings.Add(1, new KeyValuePair<string, object?>("direction", decision.ToInstances > decision.FromInstances ? "up" : "down"));
        }
    }

    /// <summary>A request started one.</summary>
    public void CountColdStart() => _coldStarts.Add(1);

    /// <summary>It has its answer.</summary>
    public void RecordColdStart(double milliseconds) => _coldStart.Record(milliseconds);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Observe() => Volatile.Read(ref _instances).SelectMany(each => (Measurement<int>[])
    [
        Of(each.Wanted, each.Deployment, "wanted"), Of(each.Ready, each.Deployment, "ready"), Of(each.Loading, each.Deployment, "loading"),
    ]);

    private static Measurement<int> Of(int value, Guid deployment, string state) => new(
        value, new KeyValuePair<string, object?>("deployment_id", deployment), new KeyValuePair<string, object?>("state", state));
}
