using System.Globalization;

namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>What a search found, in words. Pure.</summary>
internal static class OptimizationText
{
    /// <summary>A proposal and its gain.</summary>
    public static string Of(OptimizationProposal proposal)
    {
        var (before, after) = (proposal.Before, proposal.After);
        var (was, now) = (OptimizationSearch.Load(before), OptimizationSearch.Load(after));
        return string.Join(
            ", ",
            Words($"{Of(proposal.Configuration)}: busy for {now:0.000} of an instance's time instead of {was:0.000} ({Change(was, now)})"),
            Words($"95 % of frames within {after.LatencyP95Milliseconds:0} ms instead of {before.LatencyP95Milliseconds:0} ms"),
            Words($"{Frames(after):0.0} frames a second instead of {Frames(before):0.0}{Agreement(after)}."));
    }

    /// <summary>Why nothing is proposed.</summary>
    public static string OfNothing(PerformanceOptimization search)
    {
        var current = search.Standing.Measurements.FirstOrDefault(each => each.Configuration == search.Progress.Current);
        var tried = search.Standing.Measurements.Length;
        if (current is not null && OptimizationSearch.Keeps(search, current))
        {
            return Words($"None of {tried} settings that were tried is better by a tenth than those of now ({Of(current.Configuration)}).");
        }

        var nearest = search.Standing.Measurements.Where(each => each.LatencyP95Milliseconds is not null).MinBy(each => each.LatencyP95Milliseconds);
        return nearest is null
            ? "Nothing could be measured."
            : string.Join(
                ' ',
                Words($"None of {tried} settings that were tried keeps to {search.Wish.LatencyTargetMilliseconds:0} ms and to what is wanted besides."),
                Words($"The quickest, {Of(nearest.Configuration)}, has 95 % of frames within {nearest.LatencyP95Milliseconds:0} ms,"),
                Words($"loses {100 * nearest.LostShare:0.0} % and is busy for {100 * nearest.BusyShare:0} % of its time{Agreement(nearest)}."));
    }

    /// <summary>Settings: <c>1 instance, 416 × 416, batches of 4, a frame in 1 s</c>.</summary>
    public static string Of(TrialConfiguration configuration) => string.Join(
        ", ",
        Words($"{configuration.Instances} {(configuration.Instances == 1 ? "instance" : "instances")}"),
        Words($"{configuration.Width} × {configuration.Height}"),
        Words($"batches of {configuration.BatchSize}"),
        configuration.IntervalSeconds == 0 ? "every frame" : Words($"a frame in {configuration.IntervalSeconds} s"));

    private static double Frames(ConfigurationMeasurement measured) => measured.FramesPerSecond * measured.Configuration.Instances;

    private static string Change(double was, double now) => was <= 0 ? "" : Words($"{100 * (now - was) / was:+0;-0;0} %");

    private static string Agreement(ConfigurationMeasurement measured) =>
        measured.Agreement is { } share ? Words($", {100 * share:0.0} % of objects as now in {measured.ComparedFrames} frames") : "";

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
