using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>What a destination of the kind zoneminder must look like. Pure.</summary>
internal static class ZoneMinderPolicy
{
    private const int MostMonitors = 1000;
    private const int LongestUser = 256;
    private const int LongestZone = 64;
    private const int ShortestEvent = 60;
    private const int LongestEvent = 86_400;

    /// <exception cref="FleetRefusedException">A member cannot be taken.</exception>
    public static ZoneMinderDestination Take(JsonMembers members, string name, ZoneMinderDestination? before, DestinationRules rules)
    {
        var url = ReceiverAddress.Take(members, "url", ["http", "https"], rules.Networks);
        if (url.Contains('?', StringComparison.Ordinal))
        {
            throw members.Refuse("url", "must be ZoneMinder's own address without a query, as http://zm.example.org/zm.");
        }

        members.Ignore(DestinationJson.FlagOf("password"));
        var user = members.FindText("user", LongestUser);
        var password = members.Has("password") ? members.FindText("password", LongestUser) : Kept(members, url, user, before);
        if (user is null != password is null)
        {
            throw members.Refuse(
                user is null ? "user" : "password", "is needed: user and password, or none of them where ZoneMinder asks for none.");
        }

        return new()
        {
            Name = name,
            Url = url.TrimEnd('/'),
            User = user,
            Password = password,
            Monitors = members.WholesById("monitors", MostMonitors, 1, int.MaxValue),
            Mode = Mode(members),
            TimeZone = Zone(members),
            LongestEventSeconds = (int)members.Whole(
                "longest_event_seconds", ZoneMinderDestination.DefaultLongestEvent, ShortestEvent, LongestEvent),
        };
    }

    private static string? Kept(JsonMembers members, string url, string? user, ZoneMinderDestination? before)
    {
        if (before?.Password is not { } password || user is null)
        {
            return null;
        }

        return ReceiverAddress.IsSameHost(before.Url, url)
            ? password
            : throw members.Refuse("password", "must be given again: the address leads to another host.");
    }

    private static string Mode(JsonMembers members) => members.FindText("mode", 20) switch
    {
        null or ZoneMinderDestination.NotesMode => ZoneMinderDestination.NotesMode,
        "alarm" or "alarm_and_notes" => throw members.Refuse(
            "mode",
            "asks for alarms, which this version does not raise: ZoneMinder keeps a forced alarm until it is told otherwise, "
                + $"and one that is never told would record for ever. Take {ZoneMinderDestination.NotesMode}."),
        _ => throw members.Refuse("mode", $"must be {ZoneMinderDestination.NotesMode}."),
    };

    private static string? Zone(JsonMembers members) => members.FindText("time_zone", LongestZone) switch
    {
        null => null,
        { } zone when TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) && known.HasIanaId => zone,
        _ => throw members.Refuse("time_zone", "must be a name of the IANA database, as Europe/Berlin."),
    };
}
