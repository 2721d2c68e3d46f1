using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Benchmarks.Rollouts;

/// <summary>How long cameras stay with a version that turned bad.</summary>
internal sealed class BreachBenchmark : IBenchmark
{
    private const int Sites = 48;
    private const int Rounds = 2;
    private const double Slack = 2;

    // What stands in RolloutThresholds, and in the metric below.
    private const int OwnInterval = 30;
    private const int OwnFailureLimit = 1;
    private const int Interval = 4;
    private const int FailureLimit = 2;

    private static readonly object[] Metrics =
    [
        new
        {
            name = "errors", measure = "error_rate", interval_seconds = Interval, failure_limit = FailureLimit, failure_condition = "result > 5",
        },
    ];

    public string Name => "breach-to-last-camera";

    public string Description =>
        "Seconds until the last of a site's 4 cameras is back with the old version; 48 sites, a rollout on each with the new version on half of "
        + "its cameras, all at the same time: a control silo as it runs, with its grains and rows in PostgreSQL, in one process; cameras book ten "
        + "frames a second with a worker's own ledger, and streams take their plans with every model loaded at once. From some moment within an "
        + "interval on, another one on each site, every frame of the new version fails. A metric is bad after failureLimit + 1 failed "
        + "measurements, so that there are two clocks. From the breach: the end of the first interval whose measurement failed, with interval x "
        + "failureLimit + 2 s as bound; before it is over, no value is past a threshold. From the first bad frame, with one interval more: that in "
        + "which it came. Then, site after site, a rollout under way that somebody rolls back, and a rollback with `emergency` to a version that "
        + "was not loaded, from the request on.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var fleet = await BreachedSites.StartAsync(Sites, cancellationToken);        List<Times> breached = [];
        for (var round = 0; round < Rounds; round++)
        {
            breached.AddRange(await BreakAllAsync(fleet, Metrics, Interval, cancellationToken));
        }

        foreach (var row in Rows("metric of the rollout", breached, Interval, FailureLimit))
        {
            yield return row;
        }
        var own = await BreakAllAsync(fleet, [], OwnInterval, cancellationToken);
        foreach (var row in Rows("error_rate_alert_threshold", own, OwnInterval, OwnFailureLimit))
        {
            yield return row;
        }
        foreach (var row in Rows("rolled back by a person, from the request", await TellAllAsync(fleet, cancellationToken), Slack)
            .Concat(Rows("emergency rollback, from the request", await HurryAllAsync(fleet, cancellationToken), Slack)))
        {
            yield return row;
        }
    }

    private static async Task<IReadOnlyList<Times>> BreakAllAsync(
        BreachedSites fleet, object[] analysis, int interval, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        return await Task.WhenAll(fleet.Sites.Select(site =>
            BreakAsync(fleet, site, analysis, TimeSpan.FromSeconds(interval * random.NextDouble()), cancellationToken)));
    }

    private static async Task<Times> BreakAsync(
        BreachedSites fleet, Guid site, object[] analysis, TimeSpan after, CancellationToken cancellationToken)
    {
        var rollout = await fleet.TryAsync(site, analysis, cancellationToken);
        await Task.Delay(after, cancellationToken);
        var (bad, back) = await fleet.BreakAsync(rollout, cancellationToken);
        return new((back - Breach(await fleet.SettledAsync(rollout.Id, cancellationToken))).TotalSeconds, (back - bad).TotalSeconds);
    }

    // Where the second failed measurement begins the first has ended.
    private static DateTimeOffset Breach(Rollout rollout)
    {
        var analysis = rollout.Decisions.Single(decision => decision.Progress.Phase == RolloutPhase.RollingBack).Analysis
            ?? throw new InvalidOperationException($"Nothing measured rolled it back: {rollout.Progress.Reason}");
        return analysis.Results.Single(result => result.Name == analysis.DecidedBy)
            .Measurements.Where(measurement => measurement.Phase == AnalysisPhase.Failed).ElementAt(1).Started;
    }

    private static async Task<IReadOnlyList<double>> TellAllAsync(BreachedSites fleet, CancellationToken cancellationToken)
    {
        var rollouts = await Task.WhenAll(fleet.Sites.Select(site => fleet.TryAsync(site, [], cancellationToken)));
        List<double> seconds = [];
        foreach (var rollout in rollouts)
        {
            seconds.Add(await fleet.TellAsync(rollout, cancellationToken));
        }

        await Task.WhenAll(rollouts.Select(rollout => fleet.SettledAsync(rollout.Id, cancellationToken)));
        return seconds;
    }

    private static async Task<IReadOnlyList<double>> HurryAllAsync(BreachedSites fleet, CancellationToken cancellationToken)
    {
        List<double> seconds = [];
        foreach (var site in fleet.Sites)
        {
            seconds.Add(await fleet.HurryAsync(site, cancellationToken));
        }

        return seconds;
    }

    private static IEnumerable<BenchmarkRow> Rows(string what, IReadOnlyList<Times> times, int interval, int failureLimit)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{what}, interval {interval} s, failureLimit {failureLimit}");
        var bound = (interval * failureLimit) + Slack;
        return Rows($"{text}, from the breach", [.. times.Select(time => time.FromBreach)], bound)
            .Concat(Rows($"{text}, from the first bad frame", [.. times.Select(time => time.FromFirstFrame)], bound + interval));
    }

    private static IEnumerable<BenchmarkRow> Rows(string what, IReadOnlyList<double> seconds, double bound)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"against {bound} s");
        yield return new(
            $"{what}, p95 of {seconds.Count}, {text}", new("p95", "s", [Percentile(seconds, 0.95)]), new("bound", "s", [bound]), new(1));
        yield return new($"{what}, each of {seconds.Count}", new("each", "s", seconds), new("bound", "s", [bound]));
    }

    // Nearest rank.
    private static double Percentile(IReadOnlyList<double> values, double share) =>
        values.Order().ElementAt((int)Math.Ceiling(share * values.Count) - 1);

    private sealed record Times(double FromBreach, double FromFirstFrame);
}
