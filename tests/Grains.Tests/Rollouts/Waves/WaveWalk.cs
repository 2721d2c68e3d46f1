using System.Text.Json;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Waves;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Waves;

/// <summary>A fleet rollout, its sites and what happens to them, made of any bytes: so that properties are asked of what nobody thought of.</summary>
internal sealed class WaveWalk
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly FleetRolloutCommand[] Commands = Enum.GetValues<FleetRolloutCommand>();
    private static readonly Guid Next = new(2, 0, 0, new byte[8]);
    private static readonly Guid Previous = new(1, 0, 0, new byte[8]);

    // What targets are in the world, by their id; what is not there was never begun.
    private readonly Dictionary<Guid, SiteSeen> _world = [];
    private DateTimeOffset _now = Begin;

    public WaveWalk(byte[] plan)
    {
        byte At(int i) => plan.Length > i ? plan[i] : (byte)0;
        var sites = 1 + (At(0) % 12);
        Guid[] ids = [.. Enumerable.Range(0, sites).Select(i => new Guid(100 + i, 0, 0, new byte[8]))];
        var waves = WavePlan.Share([.. Enumerable.Range(0, 1 + (At(1) % 4)).Select(i => new WaveSize { Sites = 1 + (At(2 + i) % 4) })], ids);
        Settings = new()
        {
            Id = Guid.Empty,
            ModelId = Next,
            Waves = waves.Count,
            MaxConcurrentSites = 1 + (At(6) % 4),
            Soak = TimeSpan.FromSeconds(At(7)),
            AwaitsPerson = At(8) % 3 == 0,
            FailurePolicy = new()
            {
                Sites = At(9) % 3 == 0 ? null : 1 + (At(9) % 3),
                Percent = At(10) % 2 == 0 ? null : 10 + (At(10) % 90),
                Scope = (FailureScope)(At(11) % 2),
                Then = (FailureConsequence)(At(12) % 4),
            },
        };
        State = new(
            WaveMachine.Start(Begin),
            [
                .. waves.Index().SelectMany(wave => wave.Item.Select(id => (wave.Index, id)))
                    .Select((pair, i) => SiteOf(pair.id, pair.Index, i, (FleetSiteWay)(At(13 + i) % 3))),
            ]);
        foreach (var site in State.Sites.Where(site => site.Way == FleetSiteWay.Switch))
        {
            _world[site.DeploymentId!.Value] = new(site.Id, null, false, null, DeploymentStatus.Active, Previous);
        }
    }

    public WaveSettings Settings { get; }

    public WaveState State { get; private set; }

    /// <summary>All that it has been, in order, and whether what followed was seen or told.</summary>
    public List<(WaveState State, bool IsTold)> Past { get; } = [];

    /// <summary>Takes what a byte says: time that goes by, a command, or what happens on the sites.</summary>
    public void Take(byte happens)
    {
        _now = _now.AddSeconds(happens % 32);
        if (happens % 6 == 0)
        {
            Tell(Commands[happens / 6 % Commands.Length], State.Sites[happens % State.Sites.Count].SiteId);
            return;
        }

        Act(happens);
        Live(happens);
        Look();
    }

    /// <summary>Says a command where it may be said.</summary>
    public void Tell(FleetRolloutCommand command, Guid? site = null)
    {
        Past.Add((State, true));
        try
        {
            State = WaveMachine.Take(State, Settings, new() { Command = command, SiteId = site }, $"Told to {command}.", _now);
        }
        catch (FleetRefusedException)
        {
            Assert.False(command == FleetRolloutCommand.AbortAll && State.Progress.Phase != FleetRolloutPhase.Returned);
        }
    }

    /// <summary>Everything that is asked of sites is done for as long as it takes.</summary>
    public void AllIsWell()
    {
        for (var i = 0; i < 60; i++)
        {
            _now = _now.AddHours(1);
            Act(255);
            Live(255);
            Look();
        }
    }

    /// <summary>Stores it and reads it again, as a silo does that died.</summary>
    public void Revive() => State = new(
        Again(State.Progress), [.. State.Sites.Select(Again)]);

    /// <summary>Whether a site is as it was before, in the world.</summary>
    public bool IsAsBefore(FleetRolloutSite site) => site.Way switch
    {
        FleetSiteWay.Switch => _world[site.DeploymentId!.Value].ModelId == Previous,
        _ => _world.Values.Where(each => each.Id == site.Id).All(each => site.Way == FleetSiteWay.Deploy
            ? each.Status is DeploymentStatus.Terminated or DeploymentStatus.Failed
            : each.IsSettled && (each.Phase == RolloutPhase.RolledBack || each.ModelId == Previous)),
    };

    private static T Again<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, FleetJson.Options), FleetJson.Options)!;

    private static FleetRolloutSite SiteOf(Guid id, int wave, int position, FleetSiteWay way) => new()
    {
        Id = SiteKeys.OfSite(Guid.Empty, id),
        SiteId = id,
        Wave = wave,
        Position = position,
        Way = way,
        DeploymentId = way == FleetSiteWay.Deploy ? null : new Guid(200 + position, 0, 0, new byte[8]),
        PreviousModelId = way == FleetSiteWay.Deploy ? null : Previous,
        Since = Begin,
    };

    private void Look()
    {
        Past.Add((State, false));
        var seen = State.Sites.Where(site => site.TargetId is { } id && _world.ContainsKey(id)).ToDictionary(site => site.Id, site => _world[site.TargetId!.Value]);
        State = WaveMachine.Look(State, Settings, new(seen, new Dictionary<Guid, string>(), new HashSet<Guid>()), _now);
    }

    // What the mover does: of the byte's choice, all of it or only for some sites, because a silo died in between.
    private void Act(byte happens)
    {
        var wanted = State.Progress.Phase == FleetRolloutPhase.Returning ? FleetSiteState.Returning : FleetSiteState.Starting;
        foreach (var (i, site) in State.Sites.Index().Where(pair => pair.Item.State == wanted && (happens >> (pair.Index % 8)) % 2 == 1))
        {
            var id = site.TargetId!.Value;
            var there = _world.GetValueOrDefault(id);
            _world[id] = (wanted, site.Way, there) switch
            {
                (FleetSiteState.Starting, FleetSiteWay.Switch, _) => there! with { ModelId = Next },
                (FleetSiteState.Starting, _, not null) => there,
                (FleetSiteState.Starting, FleetSiteWay.Deploy, _) => new(site.Id, null, false, null, i % 2 == 0 ? DeploymentStatus.Active : DeploymentStatus.Deploying, Next),
                (FleetSiteState.Starting, _, _) => new(site.Id, RolloutPhase.Progressing, false, null, DeploymentStatus.Active, Next),
                (_, FleetSiteWay.Deploy, _) => (there ?? new(site.Id, null, false, null, null, null)) with { Status = DeploymentStatus.Terminated },
                (_, FleetSiteWay.Switch, _) => there! with { ModelId = Previous },
                (_, _, null) => new(site.Id, RolloutPhase.RolledBack, true, null, DeploymentStatus.Terminated, Next),
                (_, _, { IsSettled: true, Phase: RolloutPhase.Succeeded }) => there with { ModelId = Previous },
                _ => there.IsSettled ? there : there with { Phase = RolloutPhase.RolledBack, IsSettled = true, Status = DeploymentStatus.Terminated },
            };
        }
    }

    // Rollouts and deployments go their way.
    private void Live(byte happens)
    {
        foreach (var (id, there) in _world.Where(pair => happens == 255 || pair.Key.GetHashCode() % 3 == happens % 3).ToList())
        {
            var isBad = happens != 255 && happens / 32 % 3 == 0;
            _world[id] = there switch
            {
                { Phase: RolloutPhase.Progressing } => there with
                {
                    Phase = isBad ? RolloutPhase.RolledBack : RolloutPhase.Succeeded, IsSettled = true, Why = "So it went.",
                },
                { Status: DeploymentStatus.Deploying } => there with { Status = isBad ? DeploymentStatus.Failed : DeploymentStatus.Active },
                _ => there,
            };
        }
    }
}
