using System.Text;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>What a destination of the kind mqtt must look like. Pure.</summary>
internal static class MqttPolicy
{
    private const int LongestTopic = 500;
    private const int LongestUser = 256;

    /// <exception cref="FleetRefusedException">A member cannot be taken.</exception>
    public static MqttDestination Take(JsonMembers members, string name, MqttDestination? before, DestinationRules rules)
    {
        var broker = ReceiverAddress.Take(members, "broker_url", ["mqtt", "mqtts"], rules.Networks);
        if (new Uri(broker) is { PathAndQuery.Length: > 1 })
        {
            throw members.Refuse("broker_url", "must have no path: the topic has a member of its own.");
        }

        members.Ignore(DestinationJson.FlagOf("password"));
        var user = members.FindText("user", LongestUser);
        var password = members.Has("password") ? members.FindText("password", LongestUser) : Kept(members, broker, user, before);
        return new()
        {
            Name = name,
            BrokerUrl = broker,
            Topic = Topic(members),
            Qos = (int)members.Whole("qos", 1, 0, 1),
            Retain = members.Flag("retain"),
            User = user,
            Password = password is null || user is not null ? password : throw members.Refuse("user", "is needed where there is a password."),
        };
    }

    private static string? Kept(JsonMembers members, string broker, string? user, MqttDestination? before)
    {
        if (before?.Password is not { } password || user is null)
        {
            return null;
        }

        return ReceiverAddress.IsSameHost(before.BrokerUrl, broker)
            ? password
            : throw members.Refuse("password", "must be given again: the address leads to another broker.");
    }

    private static string Topic(JsonMembers members)
    {
        var topic = members.Text("topic", LongestTopic);
        if (topic.AsSpan().IndexOfAny('+', '#', '\0') >= 0 || topic.Any(char.IsControl) || topic.StartsWith('$'))
        {
            throw members.Refuse("topic", "must have no + or # in it, nor begin with $.");
        }

        var rest = new StringBuilder(topic);
        foreach (var placeholder in MqttTopic.Placeholders)
        {
            rest.Replace(placeholder, "");
        }

        return rest.ToString().AsSpan().IndexOfAny('{', '}') < 0
            ? topic
            : throw members.Refuse("topic", $"may have {string.Join(", ", MqttTopic.Placeholders)} in it and no other braces.");
    }
}
