namespace OrleansAiFleet.Sites;

/// <summary>
/// When the maintenance windows of a site are open. Pure but for the machine's time zone table. Where the clocks go forward, a bound
/// within the hour that is not there is the end of that hour; where they go back, a window lasts from the first time that the clock
/// shows its start to the last time that it shows its end.
/// </summary>
internal static class MaintenanceWindows
{
    /// <summary>Whether a window is open.</summary>
    public static bool IsOpen(IReadOnlyCollection<MaintenanceWindow> windows, string timeZone, DateTimeOffset now) =>
        FindOpening(windows, timeZone, now) == now;

    /// <summary>The first moment from then on at which a window is open; null where there is none.</summary>
    public static DateTimeOffset? FindOpening(IReadOnlyCollection<MaintenanceWindow> windows, string timeZone, DateTimeOffset earliest)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(earliest, zone).DateTime);

        // From yesterday, because a window may last over midnight, to the same day of the next week and the day after it.
        var openings =
            from offset in Enumerable.Range(-1, 10)
            let day = today.AddDays(offset)
            from window in windows
            where window.Days.Length == 0 || window.Days.Contains(day.DayOfWeek)
            let end = ToInstant(zone, (window.End <= window.Start ? day.AddDays(1) : day).ToDateTime(window.End), isEnd: true)
            where end > earliest
            let start = ToInstant(zone, day.ToDateTime(window.Start), isEnd: false)
            where start < end
            select start > earliest ? start : earliest;
        return openings.Select(opening => (DateTimeOffset?)opening).Min();
    }

    private static DateTimeOffset ToInstant(TimeZoneInfo zone, DateTime local, bool isEnd)
    {
        while (zone.IsInvalidTime(local))
        {
            local = new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerMinute), local.Kind).AddMinutes(1);
        }

        if (zone.IsAmbiguousTime(local))
        {
            // The larger offset is summer's, and comes first.
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            return new DateTimeOffset(local, isEnd ? offsets.Min() : offsets.Max()).ToUniversalTime();
        }

        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
