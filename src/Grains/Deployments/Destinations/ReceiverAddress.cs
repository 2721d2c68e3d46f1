using System.Net;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>Addresses of receivers. Pure: what a name leads to is judged anew whenever it is connected to.</summary>
internal static class ReceiverAddress
{
    private const int Longest = 2048;

    /// <summary>A whole address of one of these schemes, with a host that may be connected to as far as it says.</summary>
    /// <exception cref="FleetRefusedException">It cannot be taken.</exception>
    public static string Take(JsonMembers members, string member, string[] schemes, IReadOnlyCollection<IPNetwork> networks)
    {
        var text = members.Text(member, Longest);
        if (text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
            || !Uri.TryCreate(text, UriKind.Absolute, out var address) || !schemes.Contains(address.Scheme) || address.Host.Length == 0)
        {
            throw members.Refuse(member, $"must be a whole address that begins with {string.Join(" or ", schemes.Select(scheme => scheme + "://"))}.");
        }

        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0)
        {
            throw members.Refuse(member, "must have no user, password or fragment in it.");
        }

        // An address with a port that nothing can listen on would fail for ever.
        if (address.Port == 0)
        {
            throw members.Refuse(member, "must not have the port 0.");
        }

        return !IPAddress.TryParse(address.IdnHost, out var literal) || AddressPolicy.FindRefusal(literal, networks) is null
            ? text
            : throw members.Refuse(
                member,
                $"leads to {literal}, which is in a private or reserved network: "
                    + $"the fleet's owner would have to allow it in {DestinationOptions.Section}:Networks.");
    }

    /// <summary>Whether a secret that was given for one address may go to another.</summary>
    public static bool IsSameHost(string left, string right) =>
        Uri.TryCreate(left, UriKind.Absolute, out var one) && Uri.TryCreate(right, UriKind.Absolute, out var other)
        && one.Scheme == other.Scheme && one.IdnHost == other.IdnHost && one.Port == other.Port;
}
