using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Contents in rows of <c>model_file_chunks</c>.</summary>
internal sealed class PostgresContents(NpgsqlDataSource database) : IModelFileContents
{
    private const string ReadSql = """
        SELECT
            ordinal,
            content
        FROM model_file_chunks
        WHERE content_id = $1 AND ordinal >= $2
        ORDER BY ordinal
        LIMIT $3
        """;

    // What a reader that ends early still has to take from the connection.
    private const int Batch = 16;

    public string Location => ModelFileRow.InPostgres;

    public async Task<IModelFileUpload> BeginAsync(Guid contentId, CancellationToken cancellationToken) =>
        await PostgresUpload.BeginAsync(database, contentId, cancellationToken);

    /// <summary>The rows of a content, as they are.</summary>
    /// <exception cref="InvalidDataException">One is missing before another.</exception>
    public static IAsyncEnumerable<ModelFileChunk> ReadAsync(
        NpgsqlConnection connection, ModelFileHeader file, CancellationToken cancellationToken) =>
        ReadAsync(connection, file, new(First: 0, Batch, Step: Batch), cancellationToken);

    /// <summary>Some of a content's rows: batches with their beginnings at equal steps.</summary>
    /// <exception cref="InvalidDataException">One is missing before another.</exception>
    public static async IAsyncEnumerable<ModelFileChunk> ReadAsync(
        NpgsqlConnection connection, ModelFileHeader file, ChunkBatches batches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var first = batches.First; ; first += batches.Step)
        {
            var read = 0;
            await foreach (var chunk in ReadBatchAsync(connection, file, first, batches.Length, cancellationToken))
            {
                read++;
                yield return chunk;
            }

            if (read < batches.Length)
            {
                yield break;
            }
        }
    }

    private static async IAsyncEnumerable<ModelFileChunk> ReadBatchAsync(
        NpgsqlConnection connection, ModelFileHeader file, int first, int length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Without limit: chunks take their time on a slow link, and wait for a slow reader; the caller can cancel.
        await using var command = new NpgsqlCommand(ReadSql, connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = file.ContentId }, new() { Value = first }, new() { Value = length } },
        };
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        for (var ordinal = first; await reader.ReadAsync(cancellationToken); ordinal++)
        {
            if (reader.GetInt32(0) != ordinal)
            {
                throw ModelFileDamage.Missing(file, ordinal);
            }

            var chunk = ModelFileChunk.Rent(ModelFileChunk.MostBytes);
            try
            {
                await using var content = await reader.GetStreamAsync(1, cancellationToken);
                await chunk.FillAsync(content, cancellationToken);
            }
            catch
            {
                chunk.Dispose();
                throw;
            }

            yield return chunk;
        }
    }
}
