namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>ZoneMinder does not do what was asked; says as what the try ends.</summary>
internal sealed class ZoneMinderException(SendResult result) : Exception(result.Words)
{
    public SendResult Ending => result;

    public static ZoneMinderException Refused(string reason, string words) => new(SendResult.Refused(reason, words));

    public static ZoneMinderException Unavailable(string reason, string words) => new(SendResult.Unavailable(reason, words));
}
