using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>Bytes of pictures that this silo holds at the moment, bounded over all calls.</summary>
internal sealed class PictureBudget(IOptions<InferenceApiOptions> options)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private long _held;

    /// <summary>Bytes that are reserved now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Reserves what a body of this length may take, until the answer is disposed.</summary>
    /// <param name="length">As the request says; null: as much as it may be.</param>
    /// <exception cref="InferenceRefusedException">Others hold too much.</exception>
    public IDisposable Reserve(long? length)
    {
        var limits = options.Value;
        var bytes = 2 * Math.Min(length ?? limits.MaxRequestBytes, limits.MaxRequestBytes);
        if (Interlocked.Add(ref _held, bytes) <= limits.MaxBytesInMemory)
        {
            return new Reservation(this, bytes);
        }

        Interlocked.Add(ref _held, -bytes);
        throw new InferenceRefusedException(new(
            503, "memory", "This control silo holds as many pictures as it may. Repeat the request a little later.", RetryAfter: Soon));
    }

    private sealed class Reservation(PictureBudget budget, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => Interlocked.Add(ref budget._held, -Interlocked.Exchange(ref _bytes, 0));
    }
}
