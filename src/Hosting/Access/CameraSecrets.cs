using System.Security.Cryptography;

using Microsoft.AspNetCore.DataProtection;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Hosting.Access;

/// <inheritdoc/>
internal sealed class CameraSecrets(IDataProtectionProvider protection) : ICameraSecrets
{
    private const string Mark = ICameraSecrets.Mark;
    private const string Purpose = "OrleansAiFleet.CameraCredentials";

    public string Protect(Guid cameraId, string credentials) => Mark + ProtectorOf(cameraId).Protect(credentials);

    public string Unprotect(Guid cameraId, string stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (!stored.StartsWith(Mark, StringComparison.Ordinal))
        {
            return stored;
        }

        try
        {
            return ProtectorOf(cameraId).Unprotect(stored[Mark.Length..]);
        }
        catch (CryptographicException)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict, "source_credentials", "The camera's credentials cannot be decrypted: is the master key another one? Give them again.");
        }
    }

    private IDataProtector ProtectorOf(Guid cameraId) => protection.CreateProtector(Purpose, cameraId.ToString());
}
