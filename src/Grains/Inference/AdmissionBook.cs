namespace OrleansAiFleet.Inference;

/// <summary>
/// Who is in, and how many may still come: places with an end, and a bucket that holds a minute's calls and fills evenly.
/// Pure: the clock is the caller's. Never holds more places than the limit.
/// </summary>
internal sealed class AdmissionBook
{
    // Nobody knows when somebody will leave; a call takes a fraction of this.
    private static readonly TimeSpan NextPlace = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, DateTimeOffset> _places = [];
    private double _calls;
    private DateTimeOffset? _countedAt;

    /// <summary>Calls that are in; some of them may be over without having said so.</summary>
    public int Count => _places.Count;

    /// <summary>Calls that are in and whose places are not over at this time.</summary>
    public int CountAt(DateTimeOffset now) => _places.Values.Count(until => until > now);

    /// <summary>See <see cref="IInferenceGateGrain.Enter"/>.</summary>
    public InferenceAdmission Enter(Guid call, InferenceLimits limits, DateTimeOffset now)
    {
        Fill(limits, now);
        foreach (var over in _places.Where(place => place.Value <= now).Select(place => place.Key).ToArray())
        {
            _places.Remove(over);
        }

        if (_places.ContainsKey(call))
        {
            return Say(AdmissionVerdict.Admitted, limits, TimeSpan.Zero);
        }

        if (_places.Count >= limits.Concurrent)
        {
            return Say(AdmissionVerdict.TooManyAtOnce, limits, NextPlace);
        }

        if (_calls < 1)
        {
            return Say(AdmissionVerdict.TooManyPerMinute, limits, TimeFor(1 - _calls, limits));
        }

        _calls--;
        _places.Add(call, now + limits.PlaceFor);
        return Say(AdmissionVerdict.Admitted, limits, TimeSpan.Zero);
    }

    /// <summary>See <see cref="IInferenceGateGrain.Leave"/>.</summary>
    public void Leave(Guid call) => _places.Remove(call);

    private void Fill(InferenceLimits limits, DateTimeOffset now)
    {
        // A clock that was set back takes nothing away.
        var minutes = _countedAt is { } before ? Math.Max(0, (now - before).TotalMinutes) : 1;
        _calls = Math.Min(limits.PerMinute, _calls + (minutes * limits.PerMinute));
        _countedAt = now;
    }

    private InferenceAdmission Say(AdmissionVerdict verdict, InferenceLimits limits, TimeSpan retryAfter) => new()
    {
        Verdict = verdict,
        Remaining = (int)_calls,
        ResetAfter = TimeFor(limits.PerMinute - _calls, limits),
        RetryAfter = retryAfter,
    };

    private static TimeSpan TimeFor(double calls, InferenceLimits limits) => TimeSpan.FromMinutes(calls / limits.PerMinute);
}
