using Npgsql;

using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Destinations;

/// <summary>
/// Who sends to which destination: one control silo at a time. A lease ends by itself, so that what a dead silo had is taken over.
/// The database's clock decides.
/// </summary>
public sealed class DestinationLeases(NpgsqlDataSource database)
{
    // Those that waited longest first. A message that is not full waits for others, but for a retry and a removed destination.
    private const string Claim = """
        WITH due AS (
            SELECT candidate.deployment_id, candidate.name
            FROM output_destinations AS candidate
            CROSS JOIN LATERAL (
                SELECT stored_at
                FROM detection_outbox
                WHERE deployment_id = candidate.deployment_id AND destination = candidate.name
                ORDER BY id
                LIMIT 1) AS oldest
            WHERE candidate.not_before <= clock_timestamp()
                AND candidate.lease_until < clock_timestamp()
                AND (candidate.removed_at IS NOT NULL
                    OR candidate.head_until IS NOT NULL
                    OR oldest.stored_at <= clock_timestamp() - make_interval(secs => candidate.max_delay_seconds)
                    OR EXISTS (
                        SELECT 1
                        FROM detection_outbox
                        WHERE deployment_id = candidate.deployment_id AND destination = candidate.name
                        ORDER BY id
                        OFFSET candidate.batch_size - 1
                        LIMIT 1))
            ORDER BY candidate.not_before
            LIMIT $3
            FOR UPDATE OF candidate SKIP LOCKED)
        UPDATE output_destinations AS taken
        SET lease_owner = $1, lease_until = clock_timestamp() + $2
        FROM due
        WHERE taken.deployment_id = due.deployment_id AND taken.name = due.name
        RETURNING
            taken.deployment_id,
            taken.name,
            taken.removed_at IS NOT NULL,
            taken.failures,
            taken.refusals,
            taken.head_until,
            taken.batch_size,
            taken.max_delay_seconds
        """;

    private const string Release = """
        UPDATE output_destinations
        SET lease_owner = NULL, lease_until = '-infinity', not_before = clock_timestamp()
        WHERE deployment_id = $1 AND name = $2 AND lease_owner = $3
        """;

    /// <summary>Takes destinations for which something is due.</summary>
    /// <param name="owner">Who takes them.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="length">For how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<IReadOnlyList<DestinationLease>> ClaimAsync(Guid owner, int most, TimeSpan length, CancellationToken cancellationToken) =>
        database.ReadAllAsync(
            Claim,
            [new() { Value = owner }, new() { Value = length }, new() { Value = most }],
            row => new DestinationLease
            {
                DeploymentId = row.GetGuid(0),
                Name = row.GetString(1),
                Owner = owner,
                IsRemoved = row.GetBoolean(2),
                Failures = row.GetInt32(3),
                Refusals = row.GetInt32(4),
                HeadUntil = row.IsDBNull(5) ? null : row.GetInt64(5),
                BatchSize = row.GetInt32(6),
                MaxDelay = TimeSpan.FromSeconds(row.GetInt32(7)),
            },
            cancellationToken);

    /// <summary>Gives a destination back, for whoever is next. One that somebody else has by now stays theirs.</summary>
    /// <exception cref="NpgsqlException">The database is away; the lease ends by itself.</exception>
    public async Task ReleaseAsync(DestinationLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await using var command = database.CreateCommand(Release);
        command.Parameters.AddRange(
            new NpgsqlParameter[] { new() { Value = lease.DeploymentId }, new() { Value = lease.Name }, new() { Value = lease.Owner } });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
