using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Benchmarks.Rollouts;

/// <summary>A camera without a picture whose frames go into the books of rollouts as a worker's do.</summary>
internal sealed class TriedCamera(Guid id, TrialLedger ledger)
{
    private const double LatencyMilliseconds = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, TrialBook> _books = [];
    private TrialPair? _pair;
    private Guid _site;
    private Guid? _model;
    private DateTimeOffset _since;

    /// <summary>The version that it has, and since when; null: more than one, or none.</summary>
    public (Guid Site, Guid? Model, DateTimeOffset Since) Served
    {
        get
        {
            lock (_gate)
            {
                return (_site, _model, _since);
            }
        }
    }

    public void Apply(CameraPlan plan)
    {
        lock (_gate)
        {
            var live = plan.Subscriptions.Where(each => each.Mode == SubscriptionMode.Live).Select(each => each.Model.ModelId);
            Guid? model = live.Distinct().ToArray() is [var only] ? only : null;
            if (model != _model)
            {
                (_model, _since) = (model, TimeProvider.System.GetUtcNow());
            }

            _site = plan.Camera.SiteId;
            var looking = plan.Subscriptions.Where(each => each.Mode != SubscriptionMode.Standby && each.Trial is not null)
                .ToDictionary(each => each.DeploymentId, each => each.Trial!);
            foreach (var (deployment, book) in _books.Where(pair => looking.GetValueOrDefault(pair.Key) != pair.Value.Trial).ToList())
            {
                book.Close();
                _books.Remove(deployment);
            }

            foreach (var (deployment, trial) in looking.Where(pair => !_books.ContainsKey(pair.Key)))
            {
                _pair = _books.Count > 0 && _pair is not null ? _pair : new(trial.RolloutId);
                _books[deployment] = ledger.Open(trial, id, deployment, _pair);
            }
        }
    }

    /// <summary>One frame, inferred by every version that looks; those that are bad fail at it.</summary>
    public void See(long frame, Func<Guid, bool> isBad)
    {
        lock (_gate)
        {
            foreach (var (deployment, book) in _books)
            {
                if (isBad(deployment))
                {
                    book.Fail(SkipReason.Failed, FrameError.Inference);
                }
                else
                {
                    book.Infer(frame, TimeProvider.System.GetUtcNow(), LatencyMilliseconds, []);
                }
            }
        }
    }
}
