using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansAiFleet.Benchmarks.Access;
using OrleansAiFleet.Benchmarks.Measurements;

namespace OrleansAiFleet.Benchmarks.Models;

/// <summary>How long a page of the registry takes while many ask for theirs.</summary>
internal sealed class ModelListBenchmark : IBenchmark
{
    private const int Clients = 16;
    private const int RequestsPerClient = 25;
    private const int Rounds = 9;
    private const int DeepPage = 150;
    private const double Bound = 30;
    private const string List = "api/admin/ai-models?limit=50";
    private const string Filtered = List + "&model_type=object_detection&status=approved&q=night&sort=-baseline_f1_score";

    public string Name => "model-list";

    public string Description =>
        "Milliseconds of a page of 50 out of 10 000 model versions (400 names of 25 versions, 80 class names each, a report of "
        + "validation of 4 KB, a sixth archived, some at work) over HTTP on loopback with an API key: 16 clients, each asking again "
        + "as soon as it has its answer, in the process of the control silo itself. Nine rounds of 400 requests a case, in turn. "
        + "Each p99 stands against a bound of 30 ms, each p50 against the same page asked for by one client alone.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var apis = await TwoApis.StartAsync(cancellationToken);
        using var signedIn = await apis.SignedInAsync(cancellationToken);
        using var http = await apis.WithKeyAsync(signedIn, cancellationToken);
        await TwoApis.CreateSiteAsync(signedIn, cancellationToken);
        await RegistryRows.StoreAsync(apis.ConnectionString, cancellationToken);
        (string Case, string Path)[] cases =
        [
            ("filtered by type, status and a word, best F1 first", Filtered),
            ($"page {DeepPage} by name", await DeepAsync(http, cancellationToken)),
            ("newest first", List),
        ];
        var sides = cases.Select(one => (Func<CancellationToken, Task<Round>>)(token => TimeAsync(http, one.Path, token))).ToArray();

        // For the compiler's last tier.
        await Turns.RunAsync(10, sides, cancellationToken);
        var rounds = await Turns.RunAsync(Rounds, sides, cancellationToken);
        foreach (var ((name, path), measured) in cases.Zip(rounds))
        {
            var answer = await http.GetByteArrayAsync(path, cancellationToken);
            var what = string.Create(CultureInfo.InvariantCulture, $"{name} ({answer.Length / 1024} KiB)");
            yield return new(
                $"{what}, p50", new($"{Clients} clients", "ms", [.. measured.Select(round => round.P50)]),
                new("one client", "ms", [.. measured.Select(round => round.Alone)]));
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"{what}, p99, against {Bound} ms"),
                new($"{Clients} clients", "ms", [.. measured.Select(round => round.P99)]),
                new("bound", "ms", [.. Enumerable.Repeat(Bound, Rounds)]),
                new(1));
        }
    }

    // Page by page, as a caller gets there.
    private static async Task<string> DeepAsync(HttpClient http, CancellationToken cancellationToken)
    {
        const string ByName = List + "&sort=name";
        var path = ByName;
        for (var page = 1; page < DeepPage; page++)
        {
            using var answer = JsonDocument.Parse(await http.GetByteArrayAsync(path, cancellationToken));
            path = $"{ByName}&cursor={answer.RootElement.GetProperty("next_cursor").GetString()}";
        }

        return path;
    }

    private static async Task<Round> TimeAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        var alone = await AskAsync(http, path, cancellationToken);
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(http, path, cancellationToken), cancellationToken)));
        double[] together = [.. clients.SelectMany(times => times).Order()];
        Array.Sort(alone);
        return new(At(together, 0.5), At(together, 0.99), At(alone, 0.5));
    }

    private static async Task<double[]> AskAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        var times = new double[RequestsPerClient];
        for (var i = 0; i < times.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using (var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken))
            {
                answer.EnsureSuccessStatusCode();
                await answer.Content.CopyToAsync(Stream.Null, cancellationToken);
            }

            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return times;
    }

    private static double At(double[] sorted, double part) => sorted[(int)(part * (sorted.Length - 1))];

    /// <param name="P50">Of all clients together.</param>
    /// <param name="P99">Of all clients together.</param>
    /// <param name="Alone">Median of one client.</param>
    private sealed record Round(double P50, double P99, double Alone);
}
