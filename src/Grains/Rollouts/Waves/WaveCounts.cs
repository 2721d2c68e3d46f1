namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>Counts sites by wave and state. Pure.</summary>
internal static class WaveCounts
{
    public static WaveNumbers[] Of(IEnumerable<FleetRolloutSite> sites) =>
    [
        .. sites.GroupBy(site => site.Wave).OrderBy(wave => wave.Key).Select(wave =>
        {
            var by = wave.CountBy(site => site.State).ToDictionary();
            int Count(params ReadOnlySpan<FleetSiteState> states)
            {
                var sum = 0;
                foreach (var state in states)
                {
                    sum += by.GetValueOrDefault(state);
                }

                return sum;
            }

            return new WaveNumbers
            {
                Wave = wave.Key,
                Sites = wave.Count(),
                Waiting = Count(FleetSiteState.Waiting),
                Moving = Count(FleetSiteState.Starting, FleetSiteState.Moving),
                Succeeded = Count(FleetSiteState.Succeeded),
                Failed = Count(FleetSiteState.Failed),
                RolledBack = Count(FleetSiteState.RolledBack, FleetSiteState.Returned),
                Returning = Count(FleetSiteState.Returning),
                Skipped = Count(FleetSiteState.Skipped, FleetSiteState.LeftAsIs),
            };
        }),
    ];
}
