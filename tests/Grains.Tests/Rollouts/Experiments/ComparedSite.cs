using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Experiments;

/// <summary>A site with an experiment; both versions look at all cameras, in slots of ten seconds.</summary>
internal sealed class ComparedSite
{
    public const int SlotSeconds = 10;

    private readonly ControlCluster _cluster;

    private ComparedSite(ControlCluster cluster, RolledOutSite site)
    {
        (_cluster, Site) = (cluster, site);
        Find(0);
    }

    public RolledOutSite Site { get; }

    public IExperimentGrain Experiment => _cluster.Grains.GetGrain<IExperimentGrain>(Site.RolloutId);

    public static async Task<ComparedSite> CreateAsync(ControlCluster cluster) => new(cluster, await RolledOutSite.CreateAsync(cluster));

    /// <summary>From now on B finds with so much more confidence than A, with a noise of 0.05.</summary>
    public void Find(double more, int errorsOfB = 0) => _cluster.Trials.Spans[Site.RolloutId] = (start, end) =>
    [
        .. from slot in Slots(start, end)
           from camera in Site.Cameras
           from isB in new[] { false, true }
           let noise = isB ? Noise(camera, slot) : 0
           select TrialRows.Sample(Site.RolloutId, isB ? Site.RolloutId : Site.Stable.Id, camera, slot, new()
           {
               WatchedSeconds = SlotSeconds, FramesInferred = 100, Detections = 100, ConfidenceSum = 70 + (isB ? 100 * (more + noise) : 0),
               Errors = isB ? errorsOfB : 0,
           }),
    ];

    public Experiment Wish(Func<ExperimentPlan, ExperimentPlan>? change = null)
    {
        var plan = new ExperimentPlan
        {
            Weight = 50, Metrics = [new() { Measure = AnalysisMeasure.MeanConfidence, MinimumEffect = 0.02 }], MinimumSlots = 20, TightestAtSlots = 50,
            SlotSeconds = SlotSeconds, ShortestSeconds = 0, LongestSeconds = 600,
        };
        return new()
        {
            Id = Site.RolloutId, Name = "Helmets", DeploymentId = Site.Stable.Id, ModelId = Site.Next.Id, CreatedBy = Guid.NewGuid(),
            Plan = change?.Invoke(plan) ?? plan,
        };
    }

    public Task<Experiment> BeginAsync(Func<ExperimentPlan, ExperimentPlan>? change = null) => Experiment.Begin(Wish(change));

    /// <summary>Lets time go by until the experiment is as wanted.</summary>
    public async Task<Experiment> UntilAsync(Func<Experiment, bool> wanted, string expected)
    {
        Experiment? found = null;
        await _cluster.Passing(async () => (found = await Experiment.Get()) is { } now && wanted(now), expected);
        return found!;
    }

    // The rollout asks for slots of another length.
    private static IEnumerable<DateTimeOffset> Slots(DateTimeOffset from, DateTimeOffset to) => Enumerable
        .Range(0, (int)Math.Ceiling((to - from).TotalSeconds / SlotSeconds)).Select(slot => from.AddSeconds(slot * SlotSeconds));

    // The same for the same slot, whoever asks: between -0.05 and 0.05.
    private static double Noise(Guid camera, DateTimeOffset slot) => (new Random(HashOf(camera, slot)).NextDouble() - 0.5) / 10;

    private static int HashOf(Guid camera, DateTimeOffset slot) => BitConverter.ToInt32(camera.ToByteArray()) ^ (int)(slot.ToUnixTimeSeconds() * 7919);
}
