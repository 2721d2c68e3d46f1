using System.Globalization;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>Says what is missing for an instance, and where it would fit. Pure.</summary>
internal static class PlacementRefusal
{
    // A sentence that names more of them is not read.
    private const int MostNamed = 3;

    /// <summary>The sentences.</summary>
    /// <param name="claim">Who gets fewer instances than it wants.</param>
    /// <param name="placed">Those that it gets.</param>
    /// <param name="rooms">Workers that hold none of it.</param>
    /// <param name="workers">All workers.</param>
    /// <param name="lower">Deployments that are less urgent.</param>
    public static string Of(
        InstanceClaim claim, int placed, IReadOnlyCollection<WorkerRoom> rooms, int workers, IEnumerable<InstanceClaim> lower)
    {
        var wants = $"It wants {claim.Wanted} {(claim.Wanted == 1 ? "instance" : "instances")} and has {placed}: ";
        if (workers == 0)
        {
            return wants + "no worker is up. Start one.";
        }

        if (rooms.Count == 0)
        {
            return wants + $"a worker holds a model once, and all {workers} hold it. Start another worker.";
        }

        if (rooms.All(room => room.Worker.IsSilent || claim.Avoids.Contains(room.Worker.Silo)))
        {
            var names = string.Join(" and ", rooms.Take(MostNamed).Select(room => room.Worker.Name));
            return wants + $"{names} cannot load it or does not answer: the log of the worker says more.";
        }

        var need = Need(claim, rooms.First().Worker);
        return rooms.Any(room => room.FitsAlone(claim))
            ? wants + $"{need} is free on no other worker ({Named(rooms, Free)}). {WhereItWouldFit(claim, rooms, lower)}"
            : wants + $"{need} is more than any other worker has at all ({Named(rooms, Whole)}). Start a larger one, or lower what it takes.";
    }

    private static string WhereItWouldFit(InstanceClaim claim, IReadOnlyCollection<WorkerRoom> rooms, IEnumerable<InstanceClaim> lower)
    {
        var best = rooms.Where(room => room.FitsAlone(claim)).MinBy(room => room.MissingMemoryGb(claim))!;
        var inTheWay = lower.Where(other => other.Workers.Contains(best.Worker.Silo)).Take(MostNamed).Select(other => $"'{other.Name}'").ToArray();
        return inTheWay.Length > 0
            ? $"It would fit on {best.Worker.Name} without {string.Join(" and ", inTheWay)}, which is less urgent."
            : $"It would fit on {best.Worker.Name} with {Missing(claim, best)} more.";
    }

    private static string Need(InstanceClaim claim, WorkerCapacity worker) =>
        string.Join(" with ", Amounts(worker.MemoryOf(claim.Need), worker.Memory, claim.Need.Cores));

    private static string Missing(InstanceClaim claim, WorkerRoom room) =>
        string.Join(" and ", Amounts(Math.Max(0, room.MissingMemoryGb(claim)), room.Worker.Memory, Math.Max(0, room.MissingCores(claim))));

    private static string Named(IReadOnlyCollection<WorkerRoom> rooms, Func<WorkerRoom, string> what) => string.Join(
        "; ",
        rooms.OrderByDescending(room => room.FreeMemoryGb).Take(MostNamed).Select(room => $"{room.Worker.Name}: {what(room)}")
            .Concat(rooms.Count > MostNamed ? [$"{rooms.Count - MostNamed} more"] : []));

    private static string Free(WorkerRoom room) => $"{Gb(Math.Max(0, room.FreeMemoryGb))}, {Cores(Math.Max(0, room.FreeCores))}";

    private static string Whole(WorkerRoom room) => $"{Gb(room.Worker.MemoryGb)}, {Cores(room.Worker.Cores)}";

    private static IEnumerable<string> Amounts(decimal memory, string kind, int cores)
    {
        if (memory > 0 || cores == 0)
        {
            yield return $"{Gb(memory)} of {kind}";
        }

        if (cores > 0)
        {
            yield return Cores(cores);
        }
    }

    private static string Gb(decimal amount) => string.Create(CultureInfo.InvariantCulture, $"{amount:0.##} GB");

    private static string Cores(int cores) => cores == 1 ? "1 core" : string.Create(CultureInfo.InvariantCulture, $"{cores} cores");
}
