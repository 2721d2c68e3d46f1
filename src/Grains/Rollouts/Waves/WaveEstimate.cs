using System.Globalization;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>What a fleet rollout would do and how long it can take. Pure.</summary>
internal static class WaveEstimate
{
    /// <param name="wish">With the template's open values taken from the model.</param>
    /// <param name="sites">Sites that can get the version, in their order.</param>
    /// <param name="refusals">Those that cannot.</param>
    /// <param name="now">When it would begin.</param>
    public static FleetRolloutEstimate Of(
        FleetRolloutWish wish, IReadOnlyList<PlannedSite> sites, IReadOnlyList<SiteRefusal> refusals, DateTimeOffset now)
    {
        var byId = sites.ToDictionary(site => site.Facts.Hours.SiteId);
        var shares = WavePlan.Share(wish.Waves, [.. byId.Keys]);
        var soak = TimeSpan.FromSeconds(wish.SoakSeconds);
        var because = WhyUnbounded(wish, sites, shares.Count);
        var (early, late) = (now, because.Count == 0 ? now : (DateTimeOffset?)null);
        var waves = new List<EstimatedWave>();
        foreach (var (i, share) in shares.Index())
        {
            if (i > 0)
            {
                (early, late) = (early + soak, late + soak);
            }

            PlannedSite[] members = [.. share.Select(id => byId[id])];
            var (first, last) = (End(wish, members, early, longest: false), End(wish, members, late ?? early, longest: true));
            waves.Add(new()
            {
                Sites = [.. members.Select(Show)],
                ShortestSeconds = Seconds(first!.Value - early),
                LongestSeconds = last is { } end ? Seconds(end - (late ?? early)) : null,
            });
            (early, late) = (first.Value, late is null ? null : last);
        }

        return new()
        {
            Waves = [.. waves],
            Refusals = [.. refusals],
            ShortestSeconds = Seconds(early - now),
            LongestSeconds = late is { } bound ? Seconds(bound - now) : null,
            UnboundedBecause = [.. because],
            Computation = [.. Explain(wish, sites)],
        };
    }

    private static DateTimeOffset? End(FleetRolloutWish wish, PlannedSite[] sites, DateTimeOffset start, bool longest)
    {
        var timed = new List<(SiteHours, TimeSpan)>(sites.Length);
        foreach (var site in sites)
        {
            var duration = SiteDuration.Of(site.Way, wish.Template);
            if ((longest ? duration.Longest : duration.Shortest) is not { } takes)
            {
                return null;
            }

            timed.Add((site.Facts.Hours, takes));
        }

        return WaveClock.FindEnd(timed, wish.MaxConcurrentSites, wish.OnlyInWindows, start);
    }

    private static List<string> WhyUnbounded(FleetRolloutWish wish, IReadOnlyList<PlannedSite> sites, int waves)
    {
        var because = new List<string>();
        if (wish.AwaitsPerson && waves > 1)
        {
            because.Add("A person has to approve every wave but the first.");
        }

        if (sites.Any(site => site.Way == FleetSiteWay.Rollout) && SiteDuration.WhyUnbounded(wish.Template) is { } why)
        {
            because.Add(why);
        }

        return because;
    }

    private static IEnumerable<string> Explain(FleetRolloutWish wish, IReadOnlyList<PlannedSite> sites)
    {
        foreach (var way in sites.Select(site => site.Way).Distinct().Order())
        {
            var duration = SiteDuration.Of(way, wish.Template);
            var longest = duration.Longest is { } bound ? string.Create(CultureInfo.InvariantCulture, $"{Seconds(bound)} s") : "no bound";
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{NameOf(way)} takes from {Seconds(duration.Shortest)} s to {longest}: {HowOf(way)}.");
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Of a wave at most {wish.MaxConcurrentSites} sites are under way at a time, begun in their order as places become free"
            + $"{(wish.OnlyInWindows ? ", each when one of its maintenance windows is open" : "")}; a wave is as long as until its last site's end.");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Waves follow each other, with {wish.SoakSeconds} s between one and the next. The longest time is that without failures.");
    }

    private static string NameOf(FleetSiteWay way) => way switch
    {
        FleetSiteWay.Deploy => "A site that gets a new deployment",
        FleetSiteWay.Switch => "A site whose deployment takes the version up at once",
        _ => "A site with a rollout",
    };

    private static string HowOf(FleetSiteWay way) => way == FleetSiteWay.Rollout
        ? "all pauses and analyses, a second for each step, before them and after them, and the time that the old deployment is kept warm; "
            + "at the longest the progress deadline instead of a second, for each step that moves cameras, before them and after them"
        : "a look of the control silos; at the longest until a call gives up";

    private static EstimatedSite Show(PlannedSite site) => new()
    {
        SiteId = site.Facts.Hours.SiteId,
        Name = site.Facts.Name,
        Way = site.Way,
        DeploymentId = site.There?.Id,
        Cameras = site.There is null ? site.Facts.Cameras.Length : site.Facts.AllCameras,
    };

    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds);
}
