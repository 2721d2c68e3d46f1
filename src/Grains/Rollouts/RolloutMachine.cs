using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts;

/// <summary>
/// The way of one rollout: from its progress, and what is seen or told, to the progress after it. Pure: the same again gives the same,
/// so that a silo that dies between storing and acting changes nothing.
/// </summary>
internal static class RolloutMachine
{
    /// <summary>A rollout at its beginning.</summary>
    public static RolloutProgress Start(DateTimeOffset now) => new() { Since = now, Reason = "The rollout is planned." };

    /// <summary>What follows from what is seen now; the progress as it was where nothing does.</summary>
    public static RolloutProgress Look(RolloutProgress progress, RolloutSettings settings, RolloutObservation seen, DateTimeOffset now)
    {
        if (RolloutTransitions.IsFinal(progress.Phase) || progress.Hold == RolloutHold.Frozen)
        {
            return progress;
        }

        // On the way back nothing is waited for.
        if (progress.Phase != RolloutPhase.RollingBack && LookAtMaintenance(progress, seen, now) is { } next)
        {
            return next;
        }

        if (progress.Phase is RolloutPhase.Progressing or RolloutPhase.Promoting && seen.Always.Advice == RolloutAdvice.RollBack)
        {
            return RollBack(progress, seen.Always.Why, now);
        }

        if (progress.Hold != RolloutHold.None)
        {
            return progress;
        }

        return progress.Phase switch
        {
            RolloutPhase.Pending => LookAtBeginning(progress, settings, seen, now),
            RolloutPhase.Progressing or RolloutPhase.Promoting when seen.Always.Advice == RolloutAdvice.Hold =>
                progress with { Hold = RolloutHold.Inconclusive, Reason = seen.Always.Why },
            RolloutPhase.Progressing => LookAtStep(progress, settings, seen, now),
            RolloutPhase.Promoting => LookAtPromotion(progress, settings, seen, now),

            // The plan is right whatever a camera does that does not answer: it is not waited for without end.
            _ => seen.IsInPlace || now - progress.Since >= settings.ProgressDeadline ? Finish(progress, RolloutPhase.RolledBack, now) : progress,
        };
    }

    /// <summary>What follows from a command.</summary>
    /// <param name="progress">As it is.</param>
    /// <param name="settings">Of the rollout.</param>
    /// <param name="command">The command.</param>
    /// <param name="why">One sentence of whoever gives it.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="FleetRefusedException">The command cannot be given in this phase.</exception>
    public static RolloutProgress Take(
        RolloutProgress progress, RolloutSettings settings, RolloutCommand command, string why, DateTimeOffset now)
    {
        if (!RolloutTransitions.May(progress.Phase, command))
        {
            throw Refusal.Conflict(null, $"The rollout is {progress.Phase}: {command} is not possible any more.").ToException();
        }

        return (command, progress.Phase) switch
        {
            (RolloutCommand.Freeze, _) => progress with { Hold = RolloutHold.Frozen, Reason = why },

            // Its word was waited for.
            (RolloutCommand.Resume, _) when progress.Hold == RolloutHold.AwaitsPerson => Skip(progress, settings, why, now),

            // The step begins anew, its analysis too.
            (RolloutCommand.Resume, _) => progress.Hold == RolloutHold.None
                ? progress
                : progress with { Hold = RolloutHold.None, Since = now, Reason = why },
            (RolloutCommand.Skip, _) => Skip(progress, settings, why, now),
            (RolloutCommand.Promote, RolloutPhase.Promoting) or (RolloutCommand.RollBack, RolloutPhase.RollingBack) =>
                progress with { Hold = RolloutHold.None },
            (RolloutCommand.Promote, _) => Promote(progress, why, now),
            _ => RollBack(progress, why, now),
        };
    }

    // What is seen of a site that is being worked on says nothing about its models. Null: it makes no difference.
    private static RolloutProgress? LookAtMaintenance(RolloutProgress progress, RolloutObservation seen, DateTimeOffset now)
    {
        if (seen.Maintenance is { } why)
        {
            return progress.Hold == RolloutHold.None
                ? progress with { Hold = RolloutHold.Maintenance, Reason = $"Maintenance: {why}" }
                : progress;
        }

        return progress.Hold == RolloutHold.Maintenance
            ? progress with { Hold = RolloutHold.None, Since = now, Reason = "Maintenance is over." }
            : null;
    }

    // No camera goes over before the candidate's model is loaded for every one of them: then none is ever without a model.
    private static RolloutProgress LookAtBeginning(
        RolloutProgress progress, RolloutSettings settings, RolloutObservation seen, DateTimeOffset now)
    {
        if (settings.StartsAt > now)
        {
            return progress;
        }

        return seen.IsInPlace
            ? Enter(progress, settings, 0, "The rollout begins.", now)
            : LookAtDeadline(progress, settings, seen, settings.StartsAt is { } start && start > progress.Since ? start : progress.Since, now);
    }

    private static RolloutProgress LookAtStep(
        RolloutProgress progress, RolloutSettings settings, RolloutObservation seen, DateTimeOffset now)
    {
        var next = progress.Step + 1;
        if (progress.Step >= settings.Steps.Count)
        {
            return Enter(progress, settings, progress.Step, progress.Reason, now);
        }

        var step = settings.Steps[progress.Step];
        return step.Kind switch
        {
            RolloutStepKind.Pause when step.DurationSeconds is null => progress with
            {
                Hold = RolloutHold.AwaitsPerson, Reason = "Somebody has to say that it goes on.",
            },
            RolloutStepKind.Pause => now - progress.Since < TimeSpan.FromSeconds(step.DurationSeconds.Value)
                ? progress
                : Enter(progress, settings, next, $"The pause of {step.DurationSeconds} seconds is over.", now),
            RolloutStepKind.Analysis => seen.Step.Advice switch
            {
                RolloutAdvice.Advance => Enter(progress, settings, next, seen.Step.Why, now),
                RolloutAdvice.RollBack => RollBack(progress, seen.Step.Why, now),
                RolloutAdvice.Hold => progress with { Hold = RolloutHold.Inconclusive, Reason = seen.Step.Why },
                _ => progress,
            },
            _ => seen.IsInPlace
                ? Enter(progress, settings, next, $"{seen.Wanted} of {seen.Wanted} cameras are served.", now)
                : LookAtDeadline(progress, settings, seen, progress.Since, now),
        };
    }

    private static RolloutProgress LookAtPromotion(
        RolloutProgress progress, RolloutSettings settings, RolloutObservation seen, DateTimeOffset now)
    {
        if (!seen.IsInPlace)
        {
            return LookAtDeadline(progress, settings, seen, progress.Since, now);
        }

        return now - progress.Since < settings.KeepsWarm && !progress.IsWarmTimeSkipped ? progress : Finish(progress, RolloutPhase.Succeeded, now);
    }

    private static RolloutProgress LookAtDeadline(
        RolloutProgress progress, RolloutSettings settings, RolloutObservation seen, DateTimeOffset since, DateTimeOffset now) =>
        now - since < settings.ProgressDeadline
            ? progress
            : RollBack(
                progress,
                $"{seen.Wanted - seen.Serving} of {seen.Wanted} cameras were not served after {settings.ProgressDeadline.TotalSeconds:0} seconds.",
                now);

    private static RolloutProgress Skip(RolloutProgress progress, RolloutSettings settings, string why, DateTimeOffset now) =>
        progress.Phase switch
        {
            RolloutPhase.Pending => Enter(progress, settings, 0, why, now),
            RolloutPhase.Progressing => progress.Step >= settings.Steps.Count
                ? Promote(progress, why, now)
                : Enter(progress, settings, progress.Step + 1, why, now),

            // The wait, not the cameras: none of them is to be without a model because somebody is in a hurry.
            RolloutPhase.Promoting => progress with { Hold = RolloutHold.None, IsWarmTimeSkipped = true, Reason = why },
            _ => Finish(progress, RolloutPhase.RolledBack, now),
        };

    // Takes up a step; what it wants of the cameras stands in the progress from here on.
    private static RolloutProgress Enter(RolloutProgress progress, RolloutSettings settings, int index, string why, DateTimeOffset now)
    {
        if (index >= settings.Steps.Count && settings.PromotesItself)
        {
            return Promote(progress, why, now);
        }

        var step = index < settings.Steps.Count ? settings.Steps[index] : null;
        return progress with
        {
            Phase = RolloutPhase.Progressing,
            Step = index,
            Since = now,
            Weight = step?.Kind == RolloutStepKind.SetWeight ? step.Weight : progress.Weight,
            Shadow = step?.Kind == RolloutStepKind.Shadow ? step.Weight : progress.Shadow,
            Hold = step is null ? RolloutHold.AwaitsPerson : RolloutHold.None,
            Reason = step is null ? "All steps are taken: somebody has to promote the candidate or roll it back." : why,
        };
    }

    private static RolloutProgress Promote(RolloutProgress progress, string why, DateTimeOffset now) => progress with
    {
        Phase = RolloutPhase.Promoting, Weight = 100, Shadow = 0, Hold = RolloutHold.None, Since = now, Reason = why,
    };

    private static RolloutProgress RollBack(RolloutProgress progress, string why, DateTimeOffset now) => progress with
    {
        Phase = RolloutPhase.RollingBack, Weight = 0, Shadow = 0, Hold = RolloutHold.None, Since = now, Reason = why,
    };

    // The reason stays: it says why it came to this end.
    private static RolloutProgress Finish(RolloutProgress progress, RolloutPhase end, DateTimeOffset now) =>
        progress with { Phase = end, Hold = RolloutHold.None, Since = now };
}
