using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Encrypts the keys of the key ring with the master key: AES-256-GCM, nonce, tag and text in that order.</summary>
internal sealed class KeyRingEncryption(IOptions<MasterKeyOptions> options) : IXmlEncryptor
{
    internal const string Element = "masterKeyEncrypted";
    internal const string KeyId = "key";
    internal static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    internal static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        ArgumentNullException.ThrowIfNull(plaintextElement);
        var master = options.Value.Read()[0];
        var text = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var closed = new byte[NonceBytes + TagBytes + text.Length];
        RandomNumberGenerator.Fill(closed.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(master.KeyRing, TagBytes);
        aes.Encrypt(
            closed.AsSpan(0, NonceBytes), text, closed.AsSpan(NonceBytes + TagBytes), closed.AsSpan(NonceBytes, TagBytes),
            Encoding.ASCII.GetBytes(master.Id));
        CryptographicOperations.ZeroMemory(text);
        return new(new XElement(Element, new XAttribute(KeyId, master.Id), Convert.ToBase64String(closed)), typeof(KeyRingDecryption));
    }
}

/// <summary>Opens what <see cref="KeyRingEncryption"/> closed. Made by the key ring, out of its name in the database.</summary>
internal sealed class KeyRingDecryption(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        ArgumentNullException.ThrowIfNull(encryptedElement);
        var id = (string?)encryptedElement.Attribute(KeyRingEncryption.KeyId) ?? "";
        var master = services.GetRequiredService<IOptions<MasterKeyOptions>>().Value.Read().FirstOrDefault(key => key.Id == id)
            ?? throw new CryptographicException(
                $"A key of the key ring was protected with master key {id}, which this host does not have. See {MasterKeyOptions.Section}.");
        var bytes = Convert.FromBase64String(encryptedElement.Value);
        var text = new byte[bytes.Length - KeyRingEncryption.NonceBytes - KeyRingEncryption.TagBytes];
        using var aes = new AesGcm(master.KeyRing, KeyRingEncryption.TagBytes);
        aes.Decrypt(
            bytes.AsSpan(0, KeyRingEncryption.NonceBytes),
            bytes.AsSpan(KeyRingEncryption.NonceBytes + KeyRingEncryption.TagBytes),
            bytes.AsSpan(KeyRingEncryption.NonceBytes, KeyRingEncryption.TagBytes),
            text,
            Encoding.ASCII.GetBytes(id));
        return XElement.Parse(Encoding.UTF8.GetString(text));
    }
}
