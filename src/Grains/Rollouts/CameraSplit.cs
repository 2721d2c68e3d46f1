namespace OrleansAiFleet.Rollouts;

/// <summary>
/// Which cameras of a site a candidate has at a weight. Pure. Every scene gives its share; a larger weight only adds cameras; a camera
/// that comes later stays with the stable deployment until the candidate has all.
/// </summary>
internal static class CameraSplit
{
    /// <summary>
    /// The order in which cameras go over, kept for as long as the rollout lasts. Within each scene by chance (the same for the same
    /// rollout), and from scene to scene so that every beginning of the list has of each scene what its size is of the whole, to within less
    /// than one camera.
    /// </summary>
    /// <param name="cameras">Cameras with their scenes; no camera twice.</param>
    /// <param name="rolloutId">What chance is made of: another rollout begins with other cameras.</param>
    public static IReadOnlyList<Guid> Order(IEnumerable<RolloutCamera> cameras, Guid rolloutId)
    {
        var scenes = cameras.GroupBy(camera => camera.Scene, camera => camera.Id, StringComparer.Ordinal)
            .Select(scene => new SceneQueue(scene, rolloutId)).ToList();
        var all = scenes.Sum(scene => scene.Size);
        var order = new List<Guid>(all);
        for (var place = 1; place <= all; place++)
        {
            var due = scenes.Where(scene => scene.IsDue(place, all, scenes.Count));
            order.Add(due.MinBy(scene => scene.Urgency(place, all, scenes.Count))!.Take());
        }

        return order;
    }

    /// <summary>
    /// How many of the cameras a weight is. None at 0 and all at 100, and only there: in between the candidate has at least one, and the
    /// stable deployment too where there are two or more. Of a single camera every weight above 0 is that camera.
    /// </summary>
    /// <param name="cameras">How many there are.</param>
    /// <param name="weight">Percent, 0 to 100.</param>
    public static int Count(int cameras, int weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weight, 100);
        return weight switch
        {
            _ when cameras == 0 => 0,
            0 => 0,
            100 => cameras,
            _ => Math.Clamp((int)Math.Round(cameras * weight / 100.0, MidpointRounding.AwayFromZero), 1, Math.Max(1, cameras - 1)),
        };
    }

    /// <summary>The candidate's cameras among those that there are now.</summary>
    /// <param name="order">Of <see cref="Order"/>; cameras of it may be gone.</param>
    /// <param name="present">Cameras that there are.</param>
    /// <param name="weight">Percent, 0 to 100.</param>
    public static IReadOnlySet<Guid> Take(IReadOnlyList<Guid> order, IReadOnlyCollection<Guid> present, int weight)
    {
        if (weight == 100)
        {
            return present.ToHashSet();
        }

        var here = present.ToHashSet();
        var known = order.Where(here.Contains).ToList();
        return known.Take(Count(known.Count, weight)).ToHashSet();
    }
}
