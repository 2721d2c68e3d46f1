using System.Buffers.Text;
using System.Security.Cryptography;

using Microsoft.AspNetCore.DataProtection;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Signing secrets as they are kept: encrypted, and good for their own key alone.</summary>
public sealed class SigningSecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "OrleansAiFleet.SigningSecret";

    /// <summary>A new secret, to be shown once.</summary>
    public static string Create() => "sign_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The secret as it stands in its key's row.</summary>
    public string Protect(Guid keyId, string secret) => ProtectorOf(keyId).Protect(secret);

    /// <summary>The secret of a row, or null where it was made for another key or with a master key that is gone.</summary>
    public string? Unprotect(Guid keyId, string kept)
    {
        try
        {
            return ProtectorOf(keyId).Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector ProtectorOf(Guid keyId) => protection.CreateProtector(Purpose, keyId.ToString());
}
