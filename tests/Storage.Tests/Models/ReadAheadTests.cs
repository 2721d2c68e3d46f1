using System.Runtime.CompilerServices;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Storage.Tests.Models;

public sealed class ReadAheadTests
{
    private readonly List<ModelFileChunk> _made = [];
    private bool _ended;

    [Fact]
    public async Task All_chunks_come_in_their_order()
    {
        var at = 0;
        await foreach (var chunk in MakeAsync(100).AheadAsync())
        {
            using (chunk)
            {
                Assert.Equal(at++, chunk.Length);
            }
        }

        Assert.Equal(100, at);
    }

    // What makes them constant in memory: a slow reader holds up the making.
    [Fact]
    public async Task No_more_than_a_few_are_made_ahead()
    {
        var taken = 0;
        await foreach (var chunk in MakeAsync(1000).AheadAsync())
        {
            using (chunk)
            {
                taken++;
                await Task.Yield();
                Assert.InRange(_made.Count, taken, taken + 3);
            }
        }

        Assert.Equal(1000, taken);
    }

    [Fact]
    public async Task Failure_of_the_making_reaches_who_reads_after_what_was_made()
    {
        var taken = 0;

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var chunk in MakeAsync(5, new IOException("broken")).AheadAsync())
            {
                chunk.Dispose();
                taken++;
            }
        });

        Assert.Equal(5, taken);
    }

    [Fact]
    public async Task Who_reads_no_further_leaves_nothing_running_and_nothing_rented()
    {
        await foreach (var chunk in MakeAsync(1000).AheadAsync())
        {
            chunk.Dispose();
            break;
        }

        Assert.True(_ended);
        Assert.All(_made, chunk => Assert.Throws<ObjectDisposedException>(() => chunk.Bytes));
    }

    [Fact]
    public async Task Cancelling_ends_both_sides()
    {
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var chunk in MakeAsync(1000).AheadAsync(cancel.Token))
            {
                chunk.Dispose();
                await cancel.CancelAsync();
            }
        });

        Assert.True(_ended);
        Assert.All(_made, chunk => Assert.Throws<ObjectDisposedException>(() => chunk.Bytes));
    }

    private async IAsyncEnumerable<ModelFileChunk> MakeAsync(
        int count, Exception? failure = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                var chunk = ModelFileChunk.Rent(i);
                _made.Add(chunk);
                yield return chunk;
            }

            if (failure is not null)
            {
                throw failure;
            }
        }
        finally
        {
            _ended = true;
        }
    }
}
