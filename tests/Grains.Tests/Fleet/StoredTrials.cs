using System.Collections.Concurrent;

using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>What tests say was measured for a rollout.</summary>
internal sealed class StoredTrials : ITrialReader
{
    /// <summary>The sample of every slot by its beginning, by rollout; a slot is five seconds.</summary>
    public ConcurrentDictionary<Guid, Func<DateTimeOffset, TrialSample>> Samples { get; } = new();

    /// <summary>All samples of a span of time, by rollout; goes before <see cref="Samples"/>.</summary>
    public ConcurrentDictionary<Guid, Func<DateTimeOffset, DateTimeOffset, IReadOnlyList<TrialSample>>> Spans { get; } = new();

    /// <summary>What people said, by rollout.</summary>
    public ConcurrentDictionary<Guid, TrialMark[]> Marks { get; } = new();

    public Task<IReadOnlyList<TrialMark>> ReadMarksAsync(Guid rolloutId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TrialMark>>(
            [.. Marks.GetValueOrDefault(rolloutId, []).Where(mark => mark.MarkedAt >= from && mark.MarkedAt < to)]);

    public Task<IReadOnlyList<TrialSample>> ReadAsync(Guid rolloutId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TrialSample>>(Spans.TryGetValue(rolloutId, out var span) ? span(from, to)
            : Samples.TryGetValue(rolloutId, out var sample)
            ? [.. Enumerable.Range(0, (int)((to - from).TotalSeconds / 5)).Select(slot => sample(from.AddSeconds(slot * 5)))]
            : []);
}
