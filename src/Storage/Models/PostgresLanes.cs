using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Reads a content over two connections, a batch from each in turn: one process of the server puts a content together more slowly than
/// a worker takes it.
/// </summary>
internal static class PostgresLanes
{
    // A lane has as many ready while the other is read.
    private const int Batch = 4;

    /// <summary>The chunks in their order.</summary>
    /// <param name="database">Has the second connection, where there is enough for two.</param>
    /// <param name="connection">In a transaction that sees one moment: the other comes to see the same.</param>
    /// <param name="file">Whose chunks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">One is missing before another.</exception>
    public static async IAsyncEnumerable<ModelFileChunk> ReadAsync(
        NpgsqlDataSource database, NpgsqlConnection connection, ModelFileHeader file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (file.Chunks <= Batch)
        {
            await foreach (var chunk in PostgresContents.ReadAsync(connection, file, cancellationToken))
            {
                yield return chunk;
            }

            yield break;
        }

        await using var beside = await OpenBesideAsync(database, connection, cancellationToken);
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

    private static async Task<NpgsqlConnection> OpenBesideAsync(
        NpgsqlDataSource database, NpgsqlConnection connection, CancellationToken cancellationToken)
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
