using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>Makes readings out of the counters of workers: what they rose by since the round before.</summary>
internal sealed class LoadMeter
{
    private Dictionary<(string Silo, Guid Model), (long At, double Busy)> _before = [];
    private Dictionary<(string Silo, Guid Model), (double Utilization, double QueueAge)> _last = [];

    /// <summary>Takes what workers said in this round; who said nothing has no reading.</summary>
    /// <param name="statuses">Each with the timestamp at which it came.</param>
    /// <param name="time">The clock of the timestamps.</param>
    public void Take(IReadOnlyCollection<(WorkerStatus Status, long At)> statuses, TimeProvider time)
    {
        Dictionary<(string, Guid), (long, double)> now = [];
        Dictionary<(string, Guid), (double, double)> readings = [];
        foreach (var (status, at) in statuses)
        {
            // A version may be loaded twice while its configuration changes; the busier one counts.
            foreach (var model in status.Models.GroupBy(model => model.ModelId).Select(same => same.MaxBy(model => model.BusyMilliseconds)!))
            {
                var key = (status.Silo, model.ModelId);
                now[key] = (at, model.BusyMilliseconds);
                if (_before.TryGetValue(key, out var before) && Utilization(model, before, at, time) is { } utilization)
                {
                    readings[key] = (utilization, model.OldestMilliseconds);
                }
            }
        }

        (_before, _last) = (now, readings);
    }

    /// <summary>The reading of a model on these workers; null where one of them has none.</summary>
    public LoadReading? Read(Guid modelId, IReadOnlyCollection<string> silos, DateTimeOffset now)
    {
        var there = silos.Select(silo => (HasReading: _last.TryGetValue((silo, modelId), out var reading), Reading: reading)).ToArray();
        return there.Length == 0 || there.Any(each => !each.HasReading)
            ? null
            : new(now, there.Length, there.Average(each => each.Reading.Utilization), there.Max(each => each.Reading.QueueAge));
    }

    private static double? Utilization(ModelRuntimeStatus model, (long At, double Busy) before, long at, TimeProvider time)
    {
        var elapsed = time.GetElapsedTime(before.At, at).TotalMilliseconds * Math.Max(1, model.Instances);

        // A counter that fell is another runtime's: the model was loaded anew.
        return elapsed <= 0 || model.BusyMilliseconds < before.Busy
            ? null
            : Math.Clamp(100 * (model.BusyMilliseconds - before.Busy) / elapsed, 0, 100);
    }
}
