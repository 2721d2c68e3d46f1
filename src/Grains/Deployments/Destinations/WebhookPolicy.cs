using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>What a destination of the kind webhook must look like. Pure.</summary>
internal static class WebhookPolicy
{
    private const int ShortestSecret = 16;
    private const int LongestSecret = 256;

    /// <exception cref="FleetRefusedException">A member cannot be taken.</exception>
    public static WebhookDestination Take(JsonMembers members, string name, WebhookDestination? before, DestinationRules rules)
    {
        var url = ReceiverAddress.Take(members, "url", ["http", "https"], rules.Networks);
        var given = Secret(members, "secret");
        members.Ignore(DestinationJson.FlagOf("secret"));
        members.Ignore(DestinationJson.FlagOf("previous_secret"));
        if (given is null && before is not null && !ReceiverAddress.IsSameHost(before.Url, url))
        {
            throw members.Refuse("secret", "must be given again: the address leads to another host.");
        }

        var secret = given ?? before?.Secret ?? throw members.Refuse(
            "secret", $"is needed: {ShortestSecret} to {LongestSecret} characters, with which the receiver checks who sends.");
        return new()
        {
            Name = name,
            Url = url,
            Secret = secret,
            PreviousSecret = members.Has("previous_secret") ? Secret(members, "previous_secret") : PreviousOf(before, secret),
        };
    }

    // Who changes the secret and says nothing else has the one before stay valid, until told otherwise.
    private static string? PreviousOf(WebhookDestination? before, string secret) =>
        before?.Secret is { } old && old != secret ? old : before?.PreviousSecret;

    private static string? Secret(JsonMembers members, string member) =>
        members.FindText(member, LongestSecret) is not { } secret ? null
        : secret.Length >= ShortestSecret ? secret
        : throw members.Refuse(member, $"must have {ShortestSecret} to {LongestSecret} characters.");
}
