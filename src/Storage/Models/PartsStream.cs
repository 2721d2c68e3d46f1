using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Pieces one after the other as a forward stream.</summary>
internal sealed class PartsStream(IAsyncEnumerable<ReadOnlyMemory<byte>> parts) : ForwardStream
{
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _parts = parts.GetAsyncEnumerator();
    private ReadOnlyMemory<byte> _rest;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await _parts.MoveNextAsync())
            {
                return 0;
            }

            _rest = _parts.Current;
        }

        var bytes = Math.Min(buffer.Length, _rest.Length);
        _rest[..bytes].CopyTo(buffer);
        _rest = _rest[bytes..];
        return bytes;
    }

    public override async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        await base.DisposeAsync();
    }
}
