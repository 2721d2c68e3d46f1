namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>What the scheduler knows of a deployment that it places. What is not stored it finds out again.</summary>
internal sealed class ScheduledDeployment(ScaledDeployment deployment, ScalingState state)
{
    // Nobody sends frames there after one round; the second is for those that are on their way.
    private const int RoundsToLeave = 2;

    private readonly List<LoadReading> _readings = [];
    private readonly Dictionary<string, Leaving> _leaving = [];
    private readonly Dictionary<string, DateTimeOffset> _loadingSince = [];
    private readonly Dictionary<string, DateTimeOffset> _avoided = [];

    /// <summary>Its row as read last.</summary>
    public ScaledDeployment Deployment { get; set; } = deployment;

    /// <summary>As stored last.</summary>
    public ScalingState State { get; private set; } = state;

    public IReadOnlyList<LoadReading> Readings => _readings;

    /// <summary>On demand: the last request that is known of.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>Workers that held it and still do, until others are ready.</summary>
    public IReadOnlyCollection<string> LeavingWorkers => _leaving.Keys;

    /// <summary>A request came or was under way at this time.</summary>
    public void Used(DateTimeOffset at) => LastUsedAt = LastUsedAt > at ? LastUsedAt : at;

    /// <summary>Keeps a reading, and none that no window reaches. After a gap it begins anew: nobody knows what was in it.</summary>
    public void Measured(LoadReading reading, TimeSpan longestWindow, TimeSpan longestGap)
    {
        if (_readings.Count > 0 && reading.At - _readings[^1].At > longestGap)
        {
            _readings.Clear();
        }

        _readings.Add(reading);
        var begin = reading.At - longestWindow;

        // One that is older stays: it shows that the window is covered.
        while (_readings.Count > 1 && _readings[1].At <= begin)
        {
            _readings.RemoveAt(0);
        }
    }

    /// <summary>Workers that could not load it in time and are not tried again yet.</summary>
    public IReadOnlyCollection<string> Avoids(DateTimeOffset now) => [.. _avoided.Where(each => each.Value > now).Select(each => each.Key)];

    /// <summary>Looks how long workers have been loading it.</summary>
    public void Loads(Func<string, bool> isReady, ScalingOptions options, DateTimeOffset now)
    {
        foreach (var gone in _loadingSince.Keys.Where(silo => !State.Workers.Contains(silo) || isReady(silo)).ToList())
        {
            _loadingSince.Remove(gone);
        }

        foreach (var silo in State.Workers.Where(silo => !isReady(silo)))
        {
            if (_loadingSince.TryAdd(silo, now) || now - _loadingSince[silo] < options.LoadTimeout)
            {
                continue;
            }

            _avoided[silo] = now + options.AvoidFor;
            _loadingSince.Remove(silo);
        }

        foreach (var over in _avoided.Where(each => each.Value <= now).Select(each => each.Key).ToList())
        {
            _avoided.Remove(over);
        }
    }

    /// <summary>Another one stored it, or it is read for the first time.</summary>
    public void Reads(ScalingState state) => State = state;

    /// <summary>The state is stored. Workers that are in it no longer leave.</summary>
    /// <param name="state">With its new revision.</param>
    /// <param name="mustGo">Workers on which another one needs the room.</param>
    public void Stored(ScalingState state, IReadOnlyCollection<string> mustGo)
    {
        foreach (var worker in State.Workers.Except(state.Workers))
        {
            _leaving[worker] = new(0, mustGo.Contains(worker));
        }

        foreach (var worker in state.Workers)
        {
            _leaving.Remove(worker);
        }

        State = state;
    }

    /// <summary>A round is over: who leaves does so a step, once all others are ready.</summary>
    public void Step(Func<string, bool> isUp, bool allReady)
    {
        foreach (var (worker, leaving) in _leaving.ToArray())
        {
            var rounds = leaving.Rounds + (allReady || leaving.MustGo ? 1 : 0);
            if (rounds > RoundsToLeave || !isUp(worker))
            {
                _leaving.Remove(worker);
            }
            else
            {
                _leaving[worker] = leaving with { Rounds = rounds };
            }
        }
    }

    /// <summary>Whether a worker that leaves still gets frames.</summary>
    public bool StillServes(string worker, bool allReady) => !allReady && _leaving.TryGetValue(worker, out var leaving) && !leaving.MustGo;

    private sealed record Leaving(int Rounds, bool MustGo);
}
