using System.Globalization;

using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>
/// Tries a ZoneMinder out and writes nothing: login, version, whether the monitors are there and record, and whether clocks agree.
/// </summary>
internal static class ZoneMinderTrial
{
    private const int MostNamed = 20;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <exception cref="ZoneMinderException">ZoneMinder is away, or does not let this user in.</exception>
    public static async Task<SendResult> RunAsync(
        ZoneMinderApi api, ZoneMinderDestination server, TimeProvider time, CancellationToken cancellationToken)
    {
        var clock = await api.GetClockAsync(cancellationToken);
        var version = Shown(await api.GetVersionAsync(cancellationToken) ?? "");
        var monitors = (await api.ListMonitorsAsync(cancellationToken)).DistinctBy(monitor => monitor.Id).ToDictionary(monitor => monitor.Id);
        int[] wanted = [.. server.Monitors.Values.Distinct().Order()];
        int[] missing = [.. wanted.Where(id => !monitors.ContainsKey(id))];
        if (missing.Length > 0)
        {
            return SendResult.Refused("monitors", $"ZoneMinder {version} has no monitor {Named(missing)}, or its user must not see them.");
        }

        var remarks = new List<string> { $"ZoneMinder {version} lets the fleet in and has every monitor that is named." };
        int[] silent = [.. wanted.Where(id => !monitors[id].Records)];
        if (silent.Length > 0)
        {
            remarks.Add($"No events are recorded by monitor {Named(silent)}: nothing can be written for them.");
        }

        var now = time.GetUtcNow();
        if (api.Date is { } date && (date - now).Duration() > Apart)
        {
            remarks.Add($"Its clock is {(date - now).TotalSeconds:+0;-0} s off: frames may fall into the wrong events.");
        }

        if ((await api.FindNewestEventAsync(cancellationToken))?.Start > clock.LocalOf(now) + Ahead)
        {
            remarks.Add($"Its newest event begins in the future of {clock.Zone.Id}: give the destination the time_zone of ZoneMinder's database.");
        }

        return SendResult.Delivered(string.Join(' ', remarks));
    }

    private static string Shown(string version) =>
        new([.. version.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '+').Take(20)]);

    private static string Named(int[] ids)
    {
        var named = string.Join(", ", ids.Take(MostNamed).Select(id => id.ToString(CultureInfo.InvariantCulture)));
        return ids.Length <= MostNamed ? named : $"{named} and {ids.Length - MostNamed} more";
    }
}
