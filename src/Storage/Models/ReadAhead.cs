using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Lets the making of chunks run while the ones before are used.</summary>
internal static class ReadAhead
{
    // One is filled while one is used and one waits: more only takes memory.
    private const int Depth = 2;

    /// <summary>The same chunks, made ahead by a task that ends with the enumeration.</summary>
    public static IAsyncEnumerable<ModelFileChunk> AheadAsync(
        this IAsyncEnumerable<ModelFileChunk> chunks, CancellationToken cancellationToken = default) =>
        chunks.AheadAsync(Depth, cancellationToken);

    /// <summary>The same, with so many that wait.</summary>
    public static async IAsyncEnumerable<ModelFileChunk> AheadAsync(
        this IAsyncEnumerable<ModelFileChunk> chunks, int depth, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<ModelFileChunk>(new BoundedChannelOptions(depth) { SingleReader = true, SingleWriter = true });
        var making = Task.Run(() => MakeAsync(chunks, channel.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var chunk in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return chunk;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await making;
            while (channel.Reader.TryRead(out var left))
            {
                left.Dispose();
            }
        }
    }

    // Never fails: the channel carries the failure to whoever reads.
    private static async Task MakeAsync(
        IAsyncEnumerable<ModelFileChunk> chunks, ChannelWriter<ModelFileChunk> made, CancellationToken cancellationToken)
    {
        ModelFileChunk? inHand = null;
        try
        {
            await foreach (var chunk in chunks.WithCancellation(cancellationToken))
            {
                inHand = chunk;
                await made.WriteAsync(chunk, cancellationToken);
                inHand = null;
            }

            made.Complete();
        }
        catch (Exception exception)
        {
            inHand?.Dispose();
            made.Complete(exception);
        }
    }
}
