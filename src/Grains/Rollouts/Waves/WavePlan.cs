using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>Shares sites out among waves. Pure.</summary>
internal static class WavePlan
{
    private const int MostWaves = 100;

    private static readonly WaveSize[] Default = [new() { Sites = 1 }, new() { Percent = 10 }, new() { Percent = 50 }, new() { Percent = 100 }];

    /// <summary>What is wrong with the waves, or null.</summary>
    /// <param name="waves">Read from outside: one may be null.</param>
    public static Refusal? Judge(WaveSize?[] waves)
    {
        if (Array.IndexOf(waves, null) is >= 0 and var place)
        {
            return Refusal.Invalid($"waves[{place}]", $"waves[{place}] must be a wave and not null.");
        }

        if (waves.Length > MostWaves)
        {
            return Refusal.Invalid("waves", $"waves has {waves.Length} waves; at most {MostWaves} are possible.");
        }

        var lists = waves.Count(wave => wave!.SiteIds is not null);
        return lists > 0 && lists < waves.Length
            ? Refusal.Invalid("waves", "waves has lists of sites and sizes; give every wave its site_ids, or none.")
            : Refusal.First([.. waves.Select((wave, i) => Judge(wave!, i))]);
    }

    /// <summary>
    /// Sites by waves, each site in one. By sizes: each wave takes so many of what is left, the last takes all; waves that would have no
    /// site are left out. By lists: as they are listed; a site that is in no list is in the last wave.
    /// </summary>
    /// <param name="sizes">In order; empty: one site, 10 %, 50 %, the rest.</param>
    /// <param name="sites">In the order in which they begin.</param>
    public static IReadOnlyList<IReadOnlyList<Guid>> Share(WaveSize[] sizes, IReadOnlyList<Guid> sites)
    {
        if (sizes.Length == 0)
        {
            sizes = Default;
        }

        var waves = sizes[0].SiteIds is null ? BySize(sizes, sites) : ByList(sizes, sites);
        return [.. waves.Where(wave => wave.Count > 0)];
    }

    private static List<IReadOnlyList<Guid>> BySize(WaveSize[] sizes, IReadOnlyList<Guid> sites)
    {
        var waves = new List<IReadOnlyList<Guid>>();
        var taken = 0;
        foreach (var (i, size) in sizes.Index())
        {
            var wanted = i == sizes.Length - 1 ? sites.Count
                : size.Sites ?? (int)Math.Ceiling(sites.Count * size.Percent!.Value / 100.0);
            var wave = sites.Skip(taken).Take(wanted).ToList();
            waves.Add(wave);
            taken += wave.Count;
        }

        return waves;
    }

    private static List<IReadOnlyList<Guid>> ByList(WaveSize[] lists, IReadOnlyList<Guid> sites)
    {
        var left = sites.ToHashSet();
        var waves = lists.Select(list => list.SiteIds!.Where(left.Remove).ToList()).ToList();
        waves[^1].AddRange(sites.Where(left.Contains));
        return [.. waves];
    }

    private static Refusal? Judge(WaveSize wave, int index)
    {
        var given = (wave.Sites is null ? 0 : 1) + (wave.Percent is null ? 0 : 1) + (wave.SiteIds is null ? 0 : 1);
        return given != 1
            ? Refusal.Invalid($"waves[{index}]", $"waves[{index}] must have one of sites, percent and site_ids.")
            : Refusal.First(
                Field.Whole($"waves[{index}].sites", wave.Sites, 1, FleetRolloutPolicy.MostSites),
                Field.Whole($"waves[{index}].percent", wave.Percent, 1, 100));
    }
}
