using System.Globalization;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>
/// How many instances a deployment's load asks for. Pure. Goes up when every reading of a short window asks for more, and down when
/// every reading of a long one asks for less; both ways to the largest number that one of them asks for, so that neither a spike nor a
/// gap moves it. A frame that waits too long is worth more than a window.
/// </summary>
/// <remarks>
/// A reading asks for <c>ceil(instances * utilisation / scale_up_threshold)</c> when its utilisation is not between the thresholds, as
/// the Horizontal Pod Autoscaler of Kubernetes does; the windows are its stabilisation, the wait is the panic of Knative's autoscaler.
/// </remarks>
internal static class AutoscalerPolicy
{
    /// <summary>Instances from now on, and why, where that is another number than before.</summary>
    public static AutoscalerDecision Decide(AutoscalerState state, ScalingOptions options, DateTimeOffset now)
    {
        var deployment = state.Deployment;
        if (deployment.IsOnDemand && state.Wanted == 0)
        {
            return AutoscalerDecision.Stay(0);
        }

        if (deployment.IsOnDemand && state.LastUsedAt is { } used && now - used >= options.IdleAfter)
        {
            return new(0, $"No request came for {Seconds(options.IdleAfter)}: it sleeps until the next one.", null);
        }

        var most = deployment.IsAutoscaled ? deployment.MaxInstances : deployment.MinInstances;
        if (state.Wanted < deployment.MinInstances || state.Wanted > most)
        {
            return Bounded(state.Wanted, deployment.MinInstances, most);
        }

        return deployment.IsAutoscaled && state.AllReady && state.Readings.Count > 0
            ? ByLoad(state, options, now)
            : AutoscalerDecision.Stay(state.Wanted);
    }

    /// <summary>Instances that one reading asks for where so many are there, at least one.</summary>
    public static int Asks(LoadReading reading, ScaledDeployment deployment, int wanted)
    {
        if (reading.UtilizationPercent <= deployment.ScaleUpThreshold && reading.UtilizationPercent >= deployment.ScaleDownThreshold)
        {
            return wanted;
        }

        return Math.Max(1, (int)Math.Ceiling(reading.Instances * reading.UtilizationPercent / deployment.ScaleUpThreshold));
    }

    private static AutoscalerDecision ByLoad(AutoscalerState state, ScalingOptions options, DateTimeOffset now)
    {
        var (wanted, deployment, last) = (state.Wanted, state.Deployment, state.Readings[^1]);
        if (Panics(last, options) && wanted < deployment.MaxInstances)
        {
            var more = Math.Min(deployment.MaxInstances, Math.Max(2 * wanted, Asks(last, deployment, wanted)));
            var limit = options.PanicQueueAge.TotalMilliseconds;
            return new(
                more,
                string.Create(CultureInfo.InvariantCulture, $"A frame has waited for {last.QueueAgeMilliseconds:0} ms, and {limit:0} is the limit."),
                last);
        }

        if (now - state.ChangedAt < options.Cooldown)
        {
            return AutoscalerDecision.Stay(wanted);
        }

        if (Window(state.Readings, options.UpWindow, now) is { Count: > 0 } recent
            && recent.All(reading => Asks(reading, deployment, wanted) > wanted)
            && Bounds(recent.Max(reading => Asks(reading, deployment, wanted)), deployment) is var up && up > wanted)
        {
            return Because(up, "above", deployment.ScaleUpThreshold, options.UpWindow, recent, last);
        }

        return Window(state.Readings, options.DownWindow, now) is { Count: > 0 } calm
            && calm.All(reading => Asks(reading, deployment, wanted) < wanted && !Panics(reading, options))
            && Bounds(calm.Max(reading => Asks(reading, deployment, wanted)), deployment) is var down && down < wanted
            ? Because(down, "below", deployment.ScaleDownThreshold, options.DownWindow, calm, last)
            : AutoscalerDecision.Stay(wanted);
    }

    // Null where they do not reach back so far: what was not measured agrees with nothing.
    private static List<LoadReading>? Window(IReadOnlyList<LoadReading> readings, TimeSpan length, DateTimeOffset now)
    {
        var begin = now - length;
        return readings[0].At > begin ? null : [.. readings.Where(reading => reading.At >= begin).DefaultIfEmpty(readings[^1])];
    }

    private static bool Panics(LoadReading reading, ScalingOptions options) =>
        reading.QueueAgeMilliseconds >= options.PanicQueueAge.TotalMilliseconds;

    private static int Bounds(int asked, ScaledDeployment deployment) => Math.Clamp(asked, deployment.MinInstances, deployment.MaxInstances);

    private static AutoscalerDecision Bounded(int wanted, int least, int most) => wanted < least
        ? new(least, $"min_instances is {least}.", null)
        : new(most, most == least ? $"It is to have {most} (min_instances), without autoscaling." : $"max_instances is {most}.", null);

    private static AutoscalerDecision Because(
        int instances, string side, double threshold, TimeSpan window, IReadOnlyCollection<LoadReading> readings, LoadReading last)
    {
        var busy = readings.Average(reading => reading.UtilizationPercent);
        return new(
            instances,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Its instances were busy {busy:0.#} % of the last {Seconds(window)}, {side} {threshold:0.##} all along."),
            last with { UtilizationPercent = busy });
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}

/// <summary>What the autoscaler knows of a deployment.</summary>
internal sealed record AutoscalerState
{
    public required ScaledDeployment Deployment { get; init; }

    /// <summary>Instances until now.</summary>
    public int Wanted { get; init; }

    /// <summary>Every instance that could be placed takes frames. While one is on its way, nothing that is measured says what is missing.</summary>
    public bool AllReady { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LoadReading> Readings { get; init; } = [];

    /// <summary>When the number last changed.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>On demand: the last request that is known of, or the start; null: not known.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>How many instances, and why.</summary>
/// <param name="Instances">From now on.</param>
/// <param name="Reason">Null: as before.</param>
/// <param name="Measured">What it rests on, or null.</param>
internal sealed record AutoscalerDecision(int Instances, string? Reason, LoadReading? Measured)
{
    public static AutoscalerDecision Stay(int instances) => new(instances, null, null);
}
