namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>
/// Which worker holds what. Pure, and the same question has the same answer. Who is placed stays where it is; a worker holds a model
/// once; new instances go where the fewest are; the more urgent are placed first, and one that is critical may take the room of one
/// that is low. Where the fleet is lopsided, one instance a time moves.
/// </summary>
internal static class PlacementPolicy
{
    /// <summary>Places every claim as far as there is room.</summary>
    /// <param name="claims">What is wanted, and where it is now.</param>
    /// <param name="workers">Workers that can take instances.</param>
    /// <param name="loaded">Models that workers hold for others than these claims.</param>
    /// <param name="spreads">Whether one instance may move to a worker with fewer.</param>
    public static PlacementPlan Place(
        IReadOnlyCollection<InstanceClaim> claims,
        IReadOnlyCollection<WorkerCapacity> workers,
        IReadOnlyCollection<(string Silo, Guid ModelId, InstanceNeed Need)> loaded,
        bool spreads)
    {
        var plan = new Placing(claims, workers, loaded);
        foreach (var claim in plan.Claims)
        {
            plan.Keep(claim);
        }

        foreach (var claim in plan.Claims)
        {
            plan.Shed(claim);
        }

        foreach (var claim in plan.Claims)
        {
            plan.Fill(claim);
        }

        if (spreads)
        {
            plan.SpreadOne();
        }

        return plan.ToPlan();
    }

    /// <summary>Whether a deployment may take the room of another one.</summary>
    public static bool MayDisplace(PriorityLevel by, PriorityLevel whom) => by == PriorityLevel.Critical && whom == PriorityLevel.Low;

    /// <summary>The plan in the making.</summary>
    private sealed class Placing
    {
        private readonly List<WorkerRoom> _rooms;
        private readonly Dictionary<Guid, List<WorkerRoom>> _placed;
        private readonly Dictionary<Guid, string> _refusals = [];
        private readonly List<Displacement> _displaced = [];

        public Placing(
            IReadOnlyCollection<InstanceClaim> claims,
            IReadOnlyCollection<WorkerCapacity> workers,
            IReadOnlyCollection<(string Silo, Guid ModelId, InstanceNeed Need)> loaded)
        {
            Claims = [.. claims.OrderByDescending(claim => claim.Priority).ThenBy(claim => claim.DeploymentId)];
            _rooms = [.. workers.OrderBy(worker => worker.Name, StringComparer.Ordinal).ThenBy(worker => worker.Silo, StringComparer.Ordinal)
                .Select(worker => new WorkerRoom(worker))];
            _placed = Claims.ToDictionary(claim => claim.DeploymentId, _ => new List<WorkerRoom>());
            foreach (var (silo, modelId, need) in loaded)
            {
                _rooms.Find(room => room.Worker.Silo == silo)?.Occupy(modelId, need);
            }
        }

        public IReadOnlyList<InstanceClaim> Claims { get; }

        public PlacementPlan ToPlan() => new(
            _placed.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<WorkerCapacity>)[.. entry.Value.Select(room => room.Worker)]),
            _refusals,
            [.. _displaced.Where(displaced => !PlacedOf(displaced.Whom).Any(room => room.Worker == displaced.Where))]);

        public void Keep(InstanceClaim claim)
        {
            foreach (var room in _rooms.Where(room => claim.Workers.Contains(room.Worker.Silo) && !claim.Avoids.Contains(room.Worker.Silo)))
            {
                Put(claim, room);
            }
        }

        public void Shed(InstanceClaim claim)
        {
            while (PlacedOf(claim).Count > claim.Wanted)
            {
                var fullest = PlacedOf(claim).OrderByDescending(room => room.Instances)
                    .ThenByDescending(room => room.Worker.Name, StringComparer.Ordinal).First();
                Take(claim, fullest);
            }
        }

        public void Fill(InstanceClaim claim)
        {
            while (PlacedOf(claim).Count < claim.Wanted)
            {
                var others = _rooms.Except(PlacedOf(claim)).ToList();
                var room = Best(others.Where(room => room.Fits(claim))) ?? Displace(claim, others);
                if (room is null)
                {
                    _refusals[claim.DeploymentId] = PlacementRefusal.Of(claim, PlacedOf(claim).Count, others, _rooms.Count, Lower(claim));
                    return;
                }

                Put(claim, room);
            }
        }

        public void SpreadOne()
        {
            foreach (var from in _rooms.OrderByDescending(room => room.Instances))
            {
                foreach (var claim in Claims.Where(claim => PlacedOf(claim).Contains(from) && claim.Workers.Contains(from.Worker.Silo)).Reverse())
                {
                    var to = Best(_rooms.Except(PlacedOf(claim)).Where(room => room.Instances <= from.Instances - 2 && room.Fits(claim)));
                    if (to is not null)
                    {
                        Take(claim, from);
                        Put(claim, to);
                        return;
                    }
                }
            }
        }

        private static WorkerRoom? Best(IEnumerable<WorkerRoom> rooms) =>
            rooms.OrderBy(room => room.Instances).ThenByDescending(room => room.FreeMemoryGb).FirstOrDefault();

        private List<WorkerRoom> PlacedOf(InstanceClaim claim) => _placed[claim.DeploymentId];

        private IEnumerable<InstanceClaim> Lower(InstanceClaim claim) => Claims.Where(other => other.Priority < claim.Priority);

        private WorkerRoom? Displace(InstanceClaim claim, List<WorkerRoom> rooms)
        {
            foreach (var room in rooms.Where(room => room.FitsAlone(claim)).OrderBy(room => room.MissingMemoryGb(claim)))
            {
                List<InstanceClaim> gone = [];
                foreach (var victim in Claims.Reverse().Where(other => MayGiveWay(other, claim, room)))
                {
                    Take(victim, room);
                    gone.Add(victim);
                    if (room.Fits(claim))
                    {
                        _displaced.AddRange(gone.Select(each => new Displacement(each, claim, room.Worker)));
                        return room;
                    }
                }

                gone.ForEach(victim => Put(victim, room));
            }

            return null;
        }

        private bool MayGiveWay(InstanceClaim whom, InstanceClaim by, WorkerRoom room) =>
            MayDisplace(by.Priority, whom.Priority) && PlacedOf(whom).Contains(room) && PlacedOf(whom).Count > (whom.KeepsOne ? 1 : 0);

        private void Put(InstanceClaim claim, WorkerRoom room)
        {
            PlacedOf(claim).Add(room);
            room.Add(claim);
        }

        private void Take(InstanceClaim claim, WorkerRoom room)
        {
            PlacedOf(claim).Remove(room);
            room.Remove(claim);
        }
    }
}

/// <summary>Where every deployment is to be.</summary>
/// <param name="Workers">By deployment.</param>
/// <param name="Refusals">Why a deployment has fewer instances than it wants, by deployment.</param>
/// <param name="Displacements">Instances that give way.</param>
internal sealed record PlacementPlan(
    IReadOnlyDictionary<Guid, IReadOnlyList<WorkerCapacity>> Workers,
    IReadOnlyDictionary<Guid, string> Refusals,
    IReadOnlyList<Displacement> Displacements);

/// <summary>An instance that gives way to a more urgent one.</summary>
internal sealed record Displacement(InstanceClaim Whom, InstanceClaim By, WorkerCapacity Where);
