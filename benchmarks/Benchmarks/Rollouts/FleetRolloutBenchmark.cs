using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;

namespace OrleansAiFleet.Benchmarks.Rollouts;

/// <summary>How long a version takes to a thousand sites at once, and back.</summary>
internal sealed class FleetRolloutBenchmark : IBenchmark
{
    private const int Sites = 1000;
    private const int CamerasEach = 4;
    private const int Rounds = 3;
    private const double Bound = 60;

    public string Name => "fleet-rollout";

    public string Description =>
        "Seconds from the request of a bulk deployment over 1 000 sites with 4 cameras each until its last site is settled, and until "
        + "the plan of the last camera has the version and no other: a control silo as it runs, with its real grains, its rows and "
        + "their audit trail in PostgreSQL, in one process; cameras' streams take their plans and do nothing. First a new deployment on every site, "
        + "then each in its turn another version and back by a bulk deployment, and back by abort-all. Each against a bound of 60 s.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var fleet = await FleetOfSites.StartAsync(Sites, CamerasEach, cancellationToken);
        var (first, _) = await DeployAsync(fleet, 0, cancellationToken);
        foreach (var row in Rows("new deployments", [first]))
        {
            yield return row;
        }

        List<Times> switched = [], returned = [];
        for (var round = 0; round < Rounds; round++)
        {
            var (times, id) = await DeployAsync(fleet, 1, cancellationToken);
            switched.Add(times);
            returned.Add(await TimeAsync(fleet, () => fleet.AbortAllAsync(id, cancellationToken), id, 0, cancellationToken));
        }

        foreach (var row in Rows("another version", switched).Concat(Rows("back by abort-all", returned)))
        {
            yield return row;
        }
    }

    private static async Task<(Times Times, Guid Id)> DeployAsync(FleetOfSites fleet, int model, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var id = await fleet.DeployAsync(fleet.Models[model], cancellationToken);
        return (await EndAsync(fleet, started, id, model, cancellationToken), id);
    }

    private static async Task<Times> TimeAsync(FleetOfSites fleet, Func<Task> begin, Guid id, int model, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await begin();
        return await EndAsync(fleet, started, id, model, cancellationToken);
    }

    private static async Task<Times> EndAsync(FleetOfSites fleet, long started, Guid id, int model, CancellationToken cancellationToken)
    {
        await fleet.SettledAsync(id, Sites, cancellationToken);
        var settled = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await fleet.PlannedAsync(fleet.Models[model], Sites * CamerasEach, cancellationToken);
        return new(settled, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static IEnumerable<BenchmarkRow> Rows(string what, IReadOnlyList<Times> times)
    {
        foreach (var (end, samples) in new[] { ("last site settled", times.Select(time => time.Settled)), ("last camera's plan", times.Select(time => time.Planned)) })
        {
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"{Sites} sites x {CamerasEach} cameras, {what}, {end}, against {Bound} s"),
                new(what, "s", [.. samples]),
                new("bound", "s", [.. Enumerable.Repeat(Bound, times.Count)]),
                new(1));
        }
    }

    /// <param name="Settled">Until the last site is settled.</param>
    /// <param name="Planned">Until the last camera's plan has the version.</param>
    private sealed record Times(double Settled, double Planned);
}
