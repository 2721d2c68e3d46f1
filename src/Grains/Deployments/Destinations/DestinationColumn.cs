using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>The column <c>output_destinations</c> on its way into the row and out of it: checked, and with secrets encrypted.</summary>
internal sealed class DestinationColumn(IDestinationSecrets secrets, IOptions<DestinationOptions> options)
{
    private readonly DestinationRules _rules = new(options.Value.ParsedNetworks(), options.Value.FileRoot is not null);

    /// <summary>The row as asked, destinations checked and in the form that is stored, secrets open.</summary>
    /// <param name="asked">The row; its destinations may come from another row of the same site.</param>
    /// <param name="stored">What the row has now, secrets encrypted.</param>
    /// <exception cref="FleetRefusedException">A destination cannot be taken; its path is the field.</exception>
    public Deployment Take(Deployment asked, JsonText? stored = null)
    {
        if (IsEncrypted(asked.OutputDestinations))
        {
            return Opened(asked);
        }

        var before = DestinationJson.Read(Open(asked.SiteId, stored));
        return asked with { OutputDestinations = DestinationJson.Write(DestinationPolicy.Take(asked.OutputDestinations, before, _rules)) };
    }

    /// <summary>The row with its secrets open.</summary>
    /// <exception cref="FleetRefusedException">They cannot be decrypted.</exception>
    public Deployment Opened(Deployment deployment) => deployment with { OutputDestinations = Open(deployment.SiteId, deployment.OutputDestinations) };

    /// <summary>The row with its secrets encrypted.</summary>
    public Deployment Closed(Deployment deployment) => deployment with
    {
        OutputDestinations = DestinationJson.WithSecrets(deployment.OutputDestinations, secret => secrets.Protect(deployment.SiteId, secret)),
    };

    // Nobody but the fleet has encrypted secrets: such a column was checked when it came in, and comes from another row now.
    private static bool IsEncrypted(JsonText? column) =>
        column?.Value.Contains($"\"{IDestinationSecrets.Mark}", StringComparison.Ordinal) is true;

    private JsonText? Open(Guid siteId, JsonText? stored) => DestinationJson.WithSecrets(stored, secret => secrets.Unprotect(siteId, secret));
}
