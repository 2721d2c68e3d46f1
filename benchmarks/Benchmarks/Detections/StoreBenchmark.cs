using System.Diagnostics;
using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Benchmarks.Detections;

/// <summary>How fast detections are stored: idempotent batches against rows one by one, and against COPY as the limit.</summary>
internal sealed class StoreBenchmark : IBenchmark
{
    private const int BatchRows = 1000;
    private const int BatchesPerRound = 20;
    private const int InsertsPerRound = 1000;
    private const int InsertsPerRoundOfMany = 4000;
    private const int Connections = 8;
    private const int Rounds = 9;

    private readonly SampleDetections _detections = new();
    private long _sent;

    public string Name => "store";

    public string Description =>
        "Detections committed a second, on a PostgreSQL server of the benchmark's own over a Unix socket with fsync, "
        + "synchronous_commit and full_page_writes on, into the fleet's own partitioned table with its indexes. Ours: "
        + "idempotent batches (one statement and one commit for 1000 rows; a batch that comes again changes nothing), and "
        + "the whole writer with its journal (handed over in batches of 1000, up to 5000 rows a transaction by its "
        + "defaults). References: a prepared insert and a commit for each row on one connection and on eight, and binary "
        + "COPY of 1000 rows as the limit. In turn in one run, nine rounds of 20 000 rows (1000 and 4000 one by one). "
        + "Afterwards the rows in the table are counted and a batch is stored again: none may be missing, none twice.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var database = await DurableDatabase.StartAsync(cancellationToken);
        await using var writer = await JournaledWriter.StartAsync(database.Source, cancellationToken);
        var sql = new FrameBatchSql(database.Source, TimeSpan.FromMinutes(1));
        Func<CancellationToken, Task<double>>[] sides =
        [
            token => BatchesAsync(batch => sql.StoreAsync([batch], token)),
            token => TimedAsync(_detections.NextBatches(BatchesPerRound, BatchRows), BatchRows, batches => writer.StoreAsync(batches, token)),
            token => TimedAsync(_detections.Next(InsertsPerRound), 1, rows => RowInserts.StoreAsync(database.Source, rows, 1, token)),
            token => TimedAsync(
                _detections.Next(InsertsPerRoundOfMany), 1, rows => RowInserts.StoreAsync(database.Source, rows, Connections, token)),
            token => BatchesAsync(batch => CopiedRows.StoreAsync(database.Source, batch.Detections, token)),
        ];

        // Once before the count, for the compiler, the connections and the first pages.
        await Turns.RunAsync(1, sides, cancellationToken);
        var rates = await Turns.RunAsync(Rounds, sides, cancellationToken);
        await VerifyAsync(database, sql, cancellationToken);
        string[] labels = ["batches", "writer", "row inserts", $"row inserts, {Connections} connections", "COPY"];
        Measurement[] measured = [.. labels.Zip(rates, static (label, rate) => new Measurement(label, "rows/s", rate))];
        foreach (var ours in measured[..2])
        {
            foreach (var reference in measured[2..])
            {
                yield return new($"{ours.Label} over {reference.Label}", ours, reference);
            }
        }
    }

    private Task<double> BatchesAsync(Func<FrameBatch, Task> store) =>
        TimedAsync(_detections.NextBatches(BatchesPerRound, BatchRows), BatchRows, async batches =>
        {
            foreach (var batch in batches)
            {
                await store(batch);
            }
        });

    /// <returns>Rows a second.</returns>
    private async Task<double> TimedAsync<TItem>(TItem[] items, int rowsPerItem, Func<TItem[], Task> store)
    {
        var rows = items.Length * rowsPerItem;
        _sent += rows;
        var started = Stopwatch.GetTimestamp();
        await store(items);
        return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task VerifyAsync(DurableDatabase database, FrameBatchSql sql, CancellationToken cancellationToken)
    {
        var batch = _detections.NextBatches(1, BatchRows);
        _sent += await sql.StoreAsync(batch, cancellationToken);
        var again = await sql.StoreAsync(batch, cancellationToken);
        var stored = await database.CountAsync(cancellationToken);
        if (stored != _sent || again != 0)
        {
            throw new InvalidOperationException($"{stored} of {_sent} rows are stored; {again} of a batch were stored twice.");
        }
    }
}
