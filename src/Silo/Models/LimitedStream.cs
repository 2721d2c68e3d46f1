using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Reads a file of an upload and stops the upload where the file gets too large. Forward only.</summary>
internal sealed class LimitedStream(Stream content, long limit) : ForwardStream
{
    private long _read;

    /// <summary>Bytes read so far.</summary>
    public override long Position
    {
        get => _read;
        set => base.Position = value;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await content.ReadAsync(buffer, cancellationToken));

    private int Count(int bytes)
    {
        _read += bytes;
        return _read <= limit
            ? bytes
            : throw new BadHttpRequestException(
                $"The model file is larger than {limit} bytes.", StatusCodes.Status413PayloadTooLarge);
    }
}
