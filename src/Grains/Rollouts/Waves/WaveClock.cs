using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>Lets the sites of a wave begin as the machine would, so many at a time and inside their windows. Pure.</summary>
internal static class WaveClock
{
    /// <summary>When the last site is settled; null: a site's windows never open.</summary>
    /// <param name="sites">In the order in which they begin, each with how long it takes.</param>
    /// <param name="atOnce">Most sites at a time.</param>
    /// <param name="onlyInWindows">A site begins inside its windows alone.</param>
    /// <param name="start">When the wave begins.</param>
    public static DateTimeOffset? FindEnd(
        IReadOnlyList<(SiteHours Hours, TimeSpan Takes)> sites, int atOnce, bool onlyInWindows, DateTimeOffset start)
    {
        var underWay = new PriorityQueue<DateTimeOffset, DateTimeOffset>();
        var waiting = sites.ToList();
        var now = start;
        var last = start;
        while (waiting.Count > 0)
        {
            while (underWay.TryPeek(out var ended, out _) && ended <= now)
            {
                underWay.Dequeue();
            }

            var openings = waiting.ConvertAll(site => onlyInWindows ? FindOpening(site.Hours, now) : now);
            if (openings.All(opening => opening is null))
            {
                return null;
            }

            var free = atOnce - underWay.Count;
            var begins = openings.Index().Where(pair => pair.Item == now).Take(free).Select(pair => pair.Index).ToList();
            foreach (var i in begins)
            {
                var end = now + waiting[i].Takes;
                underWay.Enqueue(end, end);
                last = end > last ? end : last;
            }

            // From behind, so that the indexes stay right.
            for (var i = begins.Count - 1; i >= 0; i--)
            {
                waiting.RemoveAt(begins[i]);
            }

            now = FindNext(now, openings, underWay, atOnce);
        }

        return last;
    }

    // Where no place is free, the next one that becomes free; else the next window that opens.
    private static DateTimeOffset FindNext(
        DateTimeOffset now, List<DateTimeOffset?> openings, PriorityQueue<DateTimeOffset, DateTimeOffset> underWay, int atOnce)
    {
        if (underWay.Count >= atOnce)
        {
            return underWay.Peek();
        }

        return openings.Where(opening => opening > now).Min() ?? now;
    }

    private static DateTimeOffset? FindOpening(SiteHours hours, DateTimeOffset from) =>
        MaintenanceWindows.FindOpening(hours.Windows, hours.TimeZone, from);
}
