using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;

namespace OrleansAiFleet.Benchmarks.Access;

/// <summary>What it costs a request that somebody asks who sends it and whether they may.</summary>
internal sealed class AccessBenchmark : IBenchmark
{
    private const int Sites = 50;
    private const int RequestsPerRound = 400;
    private const int Rounds = 9;
    private const double Bound = 1;

    public string Name => "access";

    public string Description =>
        "Milliseconds of one request at a time on one connection over loopback: a site by its id (the gate looks up its site, a "
        + "grain answers) and a list of 50 sites (limited to the caller's, out of the database). Signed in with an access token "
        + "or with an API key, against the same endpoints in the same process without the gate. In turn in one run, nine rounds "
        + "of 400 requests a side. Each row gives the time added as ours, and the bound as reference: a ratio of 1 is the bound "
        + "itself; the p95 themselves are for information.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var apis = await TwoApis.StartAsync(cancellationToken);
        using var open = apis.Unchecked();
        using var signedIn = await apis.SignedInAsync(cancellationToken);
        using var key = await apis.WithKeyAsync(signedIn, cancellationToken);
        var site = Guid.Empty;
        for (var i = 0; i < Sites; i++)
        {
            site = await TwoApis.CreateSiteAsync(signedIn, cancellationToken);
        }

        foreach (var (what, path) in new[] { ("one site", $"api/admin/sites/{site}"), ("list of sites", "api/admin/sites") })
        {
            Func<CancellationToken, Task<double[]>>[] sides =
            [
                token => TimeAsync(signedIn, path, token),
                token => TimeAsync(key, path, token),
                token => TimeAsync(open, path, token),
            ];

            // For the compiler's last tier.
            await Turns.RunAsync(3, sides, cancellationToken);
            var times = await Turns.RunAsync(Rounds, sides, cancellationToken);
            foreach (var row in Rows(what, times))
            {
                yield return row;
            }
        }
    }

    private static IEnumerable<BenchmarkRow> Rows(string what, IReadOnlyList<IReadOnlyList<double[]>> times)
    {
        double[] bare = [.. times[2].Select(P95)];
        foreach (var (who, side) in new[] { ("access token", times[0]), ("API key", times[1]) })
        {
            double[] ours = [.. side.Select(P95)];
            yield return new($"{what}, {who}, p95", new(who, "ms", ours), new("without checks", "ms", bare));
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"{what}, {who}, p95 added, against {Bound} ms"),
                new("added", "ms", [.. ours.Zip(bare, static (with, without) => with - without)]),
                new("bound", "ms", [.. Enumerable.Repeat(Bound, ours.Length)]),
                new(1));
        }
    }

    private static double P95(double[] sorted) => sorted[(int)(0.95 * (sorted.Length - 1))];

    private static async Task<double[]> TimeAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        var times = new double[RequestsPerRound];
        for (var i = 0; i < times.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await http.GetByteArrayAsync(path, cancellationToken);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return times;
    }
}
