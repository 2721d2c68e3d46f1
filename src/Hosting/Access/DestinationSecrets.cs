using System.Security.Cryptography;

using Microsoft.AspNetCore.DataProtection;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Hosting.Access;

/// <inheritdoc/>
internal sealed class DestinationSecrets(IDataProtectionProvider protection) : IDestinationSecrets
{
    private const string Mark = IDestinationSecrets.Mark;
    private const string Purpose = "OrleansAiFleet.DestinationSecrets";

    public string Protect(Guid siteId, string secret) => Mark + ProtectorOf(siteId).Protect(secret);

    public string Unprotect(Guid siteId, string stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (!stored.StartsWith(Mark, StringComparison.Ordinal))
        {
            return stored;
        }

        try
        {
            return ProtectorOf(siteId).Unprotect(stored[Mark.Length..]);
        }
        catch (CryptographicException)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict,
                "output_destinations",
                "A secret of the destinations cannot be decrypted: is the master key another one? Give the destinations again with their secrets.");
        }
    }

    private IDataProtector ProtectorOf(Guid siteId) => protection.CreateProtector(Purpose, siteId.ToString());
}
