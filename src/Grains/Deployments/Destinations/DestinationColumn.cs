using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>The column <c>output_destinations</c> on its way into the row and out of it: checked, and with secrets encrypted.</summary>
internal sealed class DestinationColumn(IDestinationSecrets secrets, IOptions<DestinationOptions> options)
{
    private readonly DestinationRules _rules = new(options.Value.ParsedNetworks(), options.Value.FileRoot is not null);

    /// <summary>The row as asked, destinations checked and in the form that is stored, secrets open.</summary>
    /// <remarks>
    /// Destinations of another row of the same site, as the candidate of a rollout has them, come with encrypted secrets. They are opened and
    /// checked like all others: that something looks encrypted says nothing of who wrote it.
    /// </remarks>
    /// <param name="asked">The row.</param>
    /// <param name="stored">What the row has now, secrets encrypted.</param>
    /// <exception cref="FleetRefusedException">A destination cannot be taken; its path is the field.</exception>
    public Deployment Take(Deployment asked, JsonText? stored = null)
    {
        var given = DestinationJson.WithGivenSecrets(asked.OutputDestinations, secret => secrets.Unprotect(asked.SiteId, secret));
        var before = DestinationJson.Read(Open(asked.SiteId, stored));
        return asked with { OutputDestinations = DestinationJson.Write(DestinationPolicy.Take(given, before, _rules)) };
    }

    /// <summary>The row with its secrets open.</summary>
    /// <exception cref="FleetRefusedException">They cannot be decrypted.</exception>
    public Deployment Opened(Deployment deployment) => deployment with { OutputDestinations = Open(deployment.SiteId, deployment.OutputDestinations) };

    /// <summary>The row with its secrets encrypted.</summary>
    public Deployment Closed(Deployment deployment) => deployment with
    {
        OutputDestinations = DestinationJson.WithSecrets(deployment.OutputDestinations, secret => secrets.Protect(deployment.SiteId, secret)),
    };

    private JsonText? Open(Guid siteId, JsonText? stored) => DestinationJson.WithSecrets(stored, secret => secrets.Unprotect(siteId, secret));
}
