namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>Whether too many sites failed. Pure.</summary>
internal static class FailureJudge
{
    /// <summary>One sentence where too many failed; null where not.</summary>
    /// <param name="policy">How many may.</param>
    /// <param name="sites">All sites.</param>
    /// <param name="wave">Index of the wave that the rollout is at.</param>
    public static string? FindBreach(FailurePolicy policy, IEnumerable<FleetRolloutSite> sites, int wave)
    {
        var settled = sites
            .Where(site => policy.Scope == FailureScope.Wave ? site.Wave == wave : site.Wave <= wave)
            .Where(site => WaveTransitions.IsSettled(site.State) && site.State != FleetSiteState.Skipped)
            .ToList();
        var failed = settled.Count(site => WaveTransitions.IsFailed(site.State) && !site.IsAccepted);
        if (failed == 0)
        {
            return null;
        }

        var where = policy.Scope == FailureScope.Wave ? $"in wave {wave + 1}" : "until now";
        return failed >= policy.Sites ? $"{failed} of {settled.Count} settled sites failed {where}; {policy.Sites} are too many."
            : failed * 100L >= policy.Percent * (long)settled.Count
                ? $"{failed} of {settled.Count} settled sites failed {where}; {policy.Percent} % are too many."
            : null;
    }
}
