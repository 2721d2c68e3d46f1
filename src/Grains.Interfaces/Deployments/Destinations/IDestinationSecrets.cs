namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>
/// Secrets of destinations as they are stored: encrypted, and good on their own site alone. Opened by whoever sends, and by
/// nobody else. A deployment and the one that follows it in a rollout are on one site.
/// </summary>
public interface IDestinationSecrets
{
    /// <summary>What is encrypted begins so.</summary>
    const string Mark = "enc:";

    /// <summary>Encrypts a secret; the same one gives another text each time.</summary>
    string Protect(Guid siteId, string secret);

    /// <summary>The secret of a stored text; a text that was never encrypted as it is.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">It was made for another site, or with a master key that is gone.</exception>
    string Unprotect(Guid siteId, string stored);
}
