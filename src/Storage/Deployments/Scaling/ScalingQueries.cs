using Npgsql;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Scaling;

/// <summary>What was decided about deployments.</summary>
public sealed class ScalingQueries(NpgsqlDataSource database)
{
    private const string Select = """
        SELECT id, decided_at, from_instances, to_instances, wanted, reason, utilization_percent, queue_age_ms, workers, cold_start_ms
        FROM scaling_decisions
        WHERE deployment_id = $1
        ORDER BY decided_at DESC, id DESC
        LIMIT $2
        """;

    /// <summary>Decisions about a deployment, newest first.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public Task<IReadOnlyList<ScalingDecision>> ReadAsync(Guid deploymentId, int limit, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<ScalingDecision>>(async () =>
        {
            await using var command = database.CreateCommand(Select);
            command.Parameters.Add(new() { Value = deploymentId });
            command.Parameters.Add(new() { Value = limit });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var decisions = new List<ScalingDecision>();
            while (await reader.ReadAsync(cancellationToken))
            {
                decisions.Add(new()
                {
                    Id = reader.GetGuid(0),
                    DeploymentId = deploymentId,
                    DecidedAt = reader.GetFieldValue<DateTimeOffset>(1),
                    FromInstances = reader.GetInt32(2),
                    ToInstances = reader.GetInt32(3),
                    Wanted = reader.GetInt32(4),
                    Reason = reader.GetString(5),
                    UtilizationPercent = Number(reader, 6),
                    QueueAgeMilliseconds = Number(reader, 7),
                    Workers = JsonText.Parse(reader.GetString(8)).To<string[]>() ?? [],
                    ColdStartMilliseconds = Number(reader, 9),
                });
            }

            return decisions;
        });

    private static double? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);
}
