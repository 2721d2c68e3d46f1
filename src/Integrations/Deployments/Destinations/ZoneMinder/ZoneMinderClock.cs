using System.Globalization;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>Times as ZoneMinder writes them: of its own zone, which it does not write, in whole seconds. Pure.</summary>
internal sealed record ZoneMinderClock(TimeZoneInfo Zone)
{
    private const string Format = "yyyy-MM-dd HH:mm:ss";

    /// <summary>What the clock on its wall shows.</summary>
    public DateTime LocalOf(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).DateTime;

    /// <summary>Whether that clock shows the same a second time, an hour apart: then nobody can tell which of them an event began at.</summary>
    public bool IsShownTwice(DateTimeOffset time) => Zone.IsAmbiguousTime(LocalOf(time));

    public static string Write(DateTime local) => local.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>A time that was written, or null where none was.</summary>
    public static DateTime? Read(string? written) =>
        DateTime.TryParseExact(written, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? local : null;
}
