namespace OrleansAiFleet.Storage.Models;

/// <summary>Keeps the keys that wrap the keys of stored files, as a key management service does; those never leave it.</summary>
public interface IDataKeyWrapper
{
    /// <summary>Id of the key that wraps from now on.</summary>
    Task<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken);

    /// <summary>Wraps a key with the current one.</summary>
    /// <param name="dataKey">The key itself.</param>
    /// <param name="context">What the key is for; unwrapping needs the same.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<WrappedKey> WrapAsync(ReadOnlyMemory<byte> dataKey, ReadOnlyMemory<byte> context, CancellationToken cancellationToken);

    /// <summary>The key itself.</summary>
    /// <exception cref="UnknownKeyException">It was wrapped with a key that is not here.</exception>
    /// <exception cref="InvalidDataException">It was changed, or belongs to another context.</exception>
    Task<byte[]> UnwrapAsync(WrappedKey wrapped, ReadOnlyMemory<byte> context, CancellationToken cancellationToken);
}

/// <summary>A wrapped key, and the id of the key it is wrapped with.</summary>
public sealed record WrappedKey(string KeyId, byte[] Content);

/// <summary>A key was wrapped with another that is not to be had. The message names it and the setting.</summary>
public sealed class UnknownKeyException : Exception
{
    public UnknownKeyException()
    {
    }

    public UnknownKeyException(string message)
        : base(message)
    {
    }

    public UnknownKeyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
