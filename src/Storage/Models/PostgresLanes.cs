using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Reads a content over two connections, a batch from each in turn: one process of the server puts a content together more slowly than
/// a worker takes it.
/// </summary>
/// <param name="database">Has the second connection.</param>
internal sealed class PostgresLanes(NpgsqlDataSource database)
{
    // A lane has as many ready while the other is read.
    private const int Batch = 4;

    // Whoever has one connection and waits for another must not be all who have one.
    private const int MostOverTwo = 2;

    private int _overTwo;

    /// <summary>The chunks in their order, over one connection where they are few, or other files are read over two already.</summary>
    /// <param name="connection">In a transaction that sees one moment: the other comes to see the same.</param>
    /// <param name="file">Whose chunks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">One is missing before another.</exception>
    public async IAsyncEnumerable<ModelFileChunk> ReadAsync(
        NpgsqlConnection connection, ModelFileHeader file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isLarge = file.Chunks > Batch;
        try
        {
            var chunks = isLarge && Interlocked.Increment(ref _overTwo) <= MostOverTwo
                ? ReadOverTwoAsync(connection, file, cancellationToken)
                : PostgresContents.ReadAsync(connection, file, cancellationToken);
            await foreach (var chunk in chunks)
            {
                yield return chunk;
            }
        }
        finally
        {
            if (isLarge)
            {
                Interlocked.Decrement(ref _overTwo);
            }
        }
    }

    private async IAsyncEnumerable<ModelFileChunk> ReadOverTwoAsync(
        NpgsqlConnection connection, ModelFileHeader file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var beside = await OpenBesideAsync(connection, cancellationToken);
        await using var first = Lane(connection, 0);
        await using var second = Lane(beside, Batch);
        for (var (now, next) = (first, second); ; (now, next) = (next, now))
        {
            var taken = 0;
            while (taken < Batch && await now.MoveNextAsync())
            {
                taken++;
                yield return now.Current;
            }

            if (taken < Batch)
            {
                yield break;
            }
        }

        IAsyncEnumerator<ModelFileChunk> Lane(NpgsqlConnection from, int start) => PostgresContents
            .ReadAsync(from, file, new(start, Batch, Step: 2 * Batch), cancellationToken)
            .AheadAsync(Batch, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    private async Task<NpgsqlConnection> OpenBesideAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var export = new NpgsqlCommand("SELECT pg_export_snapshot()", connection);
        var snapshot = (string)(await export.ExecuteScalarAsync(cancellationToken))!;
        var beside = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await beside.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

            // Takes no parameter.
            await using var import = new NpgsqlCommand($"SET TRANSACTION SNAPSHOT '{snapshot.Replace("'", "''", StringComparison.Ordinal)}'", beside);
            await import.ExecuteNonQueryAsync(cancellationToken);
            return beside;
        }
        catch
        {
            await beside.DisposeAsync();
            throw;
        }
    }
}
