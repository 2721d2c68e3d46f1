namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>Says in sentences why a deployment's instances changed. Pure.</summary>
internal static class ScalingReason
{
    /// <param name="before">Silos that held it.</param>
    /// <param name="after">Silos that hold it from now on.</param>
    /// <param name="scaled">Why there are to be more or fewer, or null.</param>
    /// <param name="displaced">Where it gives way.</param>
    /// <param name="refusal">Why there are not as many as wanted, or null.</param>
    /// <param name="nameOf">A silo's name.</param>
    /// <param name="isUp">Whether a silo is up.</param>
    /// <param name="avoided">Silos that could not load it.</param>
    public static string Of(
        IReadOnlyCollection<string> before,
        IReadOnlyCollection<string> after,
        string? scaled,
        IReadOnlyCollection<Displacement> displaced,
        string? refusal,
        Func<string, string> nameOf,
        Func<string, bool> isUp,
        IReadOnlyCollection<string> avoided)
    {
        var lost = before.Except(after).Where(silo => !isUp(silo)).Select(nameOf).ToArray();
        var failed = before.Except(after).Where(isUp).Intersect(avoided).Select(nameOf).ToArray();
        var left = before.Except(after).Where(isUp).Except(avoided).Except(displaced.Select(each => each.Where.Silo)).Select(nameOf).ToArray();
        var come = after.Except(before).Select(nameOf).ToArray();
        List<string> sentences = [];
        if (scaled is not null)
        {
            sentences.Add(scaled);
        }

        if (lost.Length > 0)
        {
            sentences.Add($"{Listed(lost)} went away.");
        }

        if (failed.Length > 0)
        {
            sentences.Add($"{Listed(failed)} could not load it in time: the log of the worker says more.");
        }

        sentences.AddRange(displaced.Select(each =>
            $"It gives way on {each.Where.Name} to '{each.By.Name}', which is critical, and comes back when there is room."));
        if (scaled is null && come.Length > 0)
        {
            sentences.Add(left.Length > 0
                ? $"It moves from {Listed(left)} to {Listed(come)}, which holds fewer."
                : lost.Length + failed.Length > 0 ? $"{Listed(come)} takes its place." : $"There is room on {Listed(come)}.");
        }

        if (refusal is not null)
        {
            sentences.Add(refusal);
        }

        return sentences.Count > 0 ? string.Join(' ', sentences) : "It has as many as it wants.";
    }

    private static string Listed(string[] names) => string.Join(" and ", names);
}
