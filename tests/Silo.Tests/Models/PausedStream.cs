namespace OrleansAiFleet.Silo.Tests.Models;

/// <summary>Gives its first half, and the second only when told to.</summary>
internal sealed class PausedStream(byte[] content, Task goOn) : MemoryStream(content)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var half = Length / 2;
        if (Position >= half)
        {
            await goOn.WaitAsync(cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }

        return await base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, half - Position)], cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override bool CanSeek => false;
}
