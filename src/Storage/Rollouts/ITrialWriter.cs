using OrleansAiFleet.Detections;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Storage.Rollouts;

/// <summary>Takes what is measured for rollouts.</summary>
public interface ITrialWriter
{
    /// <summary>Stores all of it or nothing; storing it again changes nothing.</summary>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    Task WriteAsync(IReadOnlyList<TrialSample> samples, IReadOnlyList<ShadowDetection> found, CancellationToken cancellationToken);
}

/// <summary>What a version found that looks along unseen: a row of <c>shadow_detections</c>.</summary>
public readonly record struct ShadowDetection(Guid RolloutId, Detection Detection);
