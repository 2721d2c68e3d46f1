using System.Runtime.CompilerServices;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>A stored file as it lies there: header, then chunks. Holds a connection until it is disposed.</summary>
/// <param name="header">What stands before the chunks.</param>
/// <param name="chunks">Enumerated once at most.</param>
/// <param name="source">What they come from; disposed with this.</param>
public sealed class EncryptedModelFile(ModelFileHeader header, IAsyncEnumerable<ModelFileChunk> chunks, IAsyncDisposable? source)
    : IAsyncDisposable
{
    public ModelFileHeader Header { get; } = header;

    /// <summary>Fetches the chunks, some ahead; whoever takes one disposes it. Once.</summary>
    /// <exception cref="InvalidDataException">One is missing.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The store is away.</exception>
    public IAsyncEnumerable<ModelFileChunk> ReadChunksAsync(CancellationToken cancellationToken = default) =>
        GuardAsync(cancellationToken).AheadAsync(cancellationToken);

    public ValueTask DisposeAsync() => source?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async IAsyncEnumerable<ModelFileChunk> GuardAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var each = chunks.GetAsyncEnumerator(cancellationToken);
        while (await DatabaseOutage.GuardAsync(() => each.MoveNextAsync().AsTask()))
        {
            yield return each.Current;
        }
    }
}
