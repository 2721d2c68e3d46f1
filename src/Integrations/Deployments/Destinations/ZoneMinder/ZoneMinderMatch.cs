namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>Into which event a frame falls, or what becomes of it otherwise. One of both is null.</summary>
/// <param name="Event">The event, which has ended.</param>
/// <param name="Fate">What becomes of a frame that has none.</param>
internal sealed record ZoneMinderMatch(ZoneMinderEvent? Event, FrameFate? Fate)
{
    /// <summary>An event stands in the table some seconds after it began: before this time nobody can say that there is none.</summary>
    public static readonly TimeSpan AppearsWithin = TimeSpan.FromMinutes(1);

    /// <summary>Decides for one frame. Pure.</summary>
    /// <param name="frameTime">When the frame was taken.</param>
    /// <param name="monitor">The monitor that saw the same.</param>
    /// <param name="events">Its events that began by then, the newest first, and others.</param>
    /// <param name="clock">ZoneMinder's.</param>
    /// <param name="age">How long ago the frame was taken.</param>
    /// <param name="longest">How long its event may still be open.</param>
    public static ZoneMinderMatch Of(
        DateTimeOffset frameTime, int monitor, IEnumerable<ZoneMinderEvent> events, ZoneMinderClock clock, TimeSpan age, TimeSpan longest)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (clock.IsShownTwice(frameTime))
        {
            return Of(FateKind.Dead, "ZoneMinder's clock shows the hour of the frame twice, so that nobody can tell which event it falls into.");
        }

        var local = clock.LocalOf(frameTime);
        var begun = events.Where(each => each.Start <= local).ToArray();

        // An open one that others followed was never closed, because its process died: it covers nothing that came after it.
        var found = begun.Where((each, i) => i == 0 || !each.IsOpen).FirstOrDefault(each => each.Covers(local));
        return found switch
        {
            { IsOpen: false } => new(found, null),
            { } when age < longest => Of(FateKind.Waits, $"Event {found.Id} of monitor {monitor} goes on: its Notes are written when it has ended."),
            { } => Of(FateKind.Dead, $"Event {found.Id} of monitor {monitor} was still open {(long)longest.TotalSeconds} s after the frame."),
            null when age < AppearsWithin => Of(FateKind.Waits, $"Monitor {monitor} has no event at the time of the frame yet."),
            null => Of(FateKind.Pointless, $"Monitor {monitor} recorded no event at the time of the frame."),
        };
    }

    private static ZoneMinderMatch Of(FateKind kind, string words) => new(null, new(kind, words));
}
