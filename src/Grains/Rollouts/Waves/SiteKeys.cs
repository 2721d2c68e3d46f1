using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>
/// Ids of a fleet rollout's sites and of what they begin, derived (the first 128 bits of a SHA-256) so that the same decision has the
/// same ids on whatever silo it is made.
/// </summary>
internal static class SiteKeys
{
    /// <summary>A site's row.</summary>
    public static Guid OfSite(Guid fleetRolloutId, Guid siteId) => Derive($"fleet-rollout-site\u001f{fleetRolloutId:D}\u001f{siteId:D}");

    /// <summary>The rollout or the deployment that a site begins.</summary>
    /// <param name="siteRow">Its row.</param>
    /// <param name="attempt">How often it was begun anew.</param>
    public static Guid OfTarget(Guid siteRow, int attempt) => Derive(FormattableString.Invariant($"fleet-rollout-target\u001f{siteRow:D}\u001f{attempt}"));

    private static Guid Derive(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16), bigEndian: true);
}
