using System.Security.Cryptography;
using System.Text;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Wraps with keys derived from the fleet's master keys: AES-256-GCM; nonce, tag and key in that order.</summary>
/// <param name="keys">The master key in use, then those of before.</param>
public sealed class MasterKeyWrapper(IReadOnlyList<MasterKey> keys) : IDataKeyWrapper
{
    private const string Setting = "Fleet:MasterKey";
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    public Task<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken) => Task.FromResult(keys[0].Id);

    public Task<WrappedKey> WrapAsync(
        ReadOnlyMemory<byte> dataKey, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        var wrapped = new byte[NonceBytes + TagBytes + dataKey.Length];
        var nonce = wrapped.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[0].ModelFiles, TagBytes);
        aes.Encrypt(
            nonce, dataKey.Span, wrapped.AsSpan(NonceBytes + TagBytes), wrapped.AsSpan(NonceBytes, TagBytes),
            Associate(keys[0].Id, context.Span));
        return Task.FromResult(new WrappedKey(keys[0].Id, wrapped));
    }

    public Task<byte[]> UnwrapAsync(WrappedKey wrapped, ReadOnlyMemory<byte> context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wrapped);
        var key = keys.FirstOrDefault(key => key.Id == wrapped.KeyId) ?? throw new UnknownKeyException(
            $"The file's key is wrapped with master key {wrapped.KeyId}, which this host does not have. Add that key to {Setting}:Earlier.");
        if (wrapped.Content.Length <= NonceBytes + TagBytes)
        {
            throw Broken(null);
        }

        var dataKey = new byte[wrapped.Content.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key.ModelFiles, TagBytes);
        try
        {
            aes.Decrypt(
                wrapped.Content.AsSpan(0, NonceBytes),
                wrapped.Content.AsSpan(NonceBytes + TagBytes),
                wrapped.Content.AsSpan(NonceBytes, TagBytes),
                dataKey,
                Associate(key.Id, context.Span));
            return Task.FromResult(dataKey);
        }
        catch (CryptographicException exception)
        {
            throw Broken(exception);
        }
    }

    private static byte[] Associate(string keyId, ReadOnlySpan<byte> context) => [.. Encoding.UTF8.GetBytes(keyId), .. context];

    private static InvalidDataException Broken(Exception? inner) =>
        new("The file's wrapped key was changed or belongs to another file.", inner);
}
