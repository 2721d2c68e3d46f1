using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Scaling;

/// <summary>What the scheduler decided, in SQL.</summary>
internal sealed class ScalingStore(NpgsqlDataSource database, ScaledDeploymentReader deployments) : IScalingStore
{
    // Of all where none are named.
    private const string SelectStates = """
        SELECT deployment_id, wanted, workers, refusal, changed_at, revision
        FROM deployment_scaling
        WHERE $1::UUID[] IS NULL OR deployment_id = ANY($1)
        """;

    private const string UpsertStates = """
        INSERT INTO deployment_scaling (deployment_id, wanted, workers, refusal, changed_at, revision)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (deployment_id) DO UPDATE SET
            wanted = EXCLUDED.wanted,
            workers = EXCLUDED.workers,
            refusal = EXCLUDED.refusal,
            changed_at = EXCLUDED.changed_at,
            revision = EXCLUDED.revision
        WHERE deployment_scaling.revision = EXCLUDED.revision - 1
        """;

    private const string InsertDecisions = """
        INSERT INTO scaling_decisions (
            id, deployment_id, decided_at, from_instances, to_instances, wanted, reason, utilization_percent, queue_age_ms, workers, cold_start_ms)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """;

    private const string UpdateColdStart = """
        UPDATE scaling_decisions
        SET cold_start_ms = $2
        WHERE cold_start_ms IS NULL AND id = (
            SELECT id
            FROM scaling_decisions
            WHERE deployment_id = $1 AND from_instances = 0 AND to_instances > 0
            ORDER BY decided_at DESC
            LIMIT 1)
        """;

    public Task<ScalingRows> ReadAsync(CancellationToken cancellationToken) => DatabaseOutage.GuardAsync(async () =>
        new ScalingRows(await deployments.ReadAsync(cancellationToken), await ReadAsync(null, cancellationToken)));

    public Task<IReadOnlyList<ScalingState>> ReadStatesAsync(Guid[] deployments, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(() => ReadAsync(deployments, cancellationToken));

    public Task<bool> WriteAsync(
        IReadOnlyCollection<ScalingState> states, IReadOnlyCollection<ScalingDecision> decisions, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection, transaction)
            {
                BatchCommands = { CommandOf([.. states]), CommandOf([.. decisions]) },
            };
            await batch.ExecuteNonQueryAsync(cancellationToken);
            if (batch.BatchCommands[0].RecordsAffected != states.Count)
            {
                await transaction.RollbackAsync(cancellationToken);
                return false;
            }

            await transaction.CommitAsync(cancellationToken);
            return true;
        });

    public Task NoteColdStartAsync(Guid deploymentId, double milliseconds, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(async () =>
        {
            await using var command = database.CreateCommand(UpdateColdStart);
            command.Parameters.Add(new() { Value = deploymentId });
            command.Parameters.Add(new() { Value = milliseconds });
            return await command.ExecuteNonQueryAsync(cancellationToken);
        });

    private async Task<IReadOnlyList<ScalingState>> ReadAsync(Guid[]? among, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SelectStates);
        command.Parameters.Add(new() { Value = (object?)among ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var states = new List<ScalingState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            states.Add(new()
            {
                DeploymentId = reader.GetGuid(0),
                Wanted = reader.GetInt32(1),
                Workers = JsonText.Parse(reader.GetString(2)).To<string[]>() ?? [],
                Refusal = reader.IsDBNull(3) ? null : reader.GetString(3),
                ChangedAt = reader.GetFieldValue<DateTimeOffset>(4),
                Revision = reader.GetInt64(5),
            });
        }

        return states;
    }

    private static NpgsqlBatchCommand CommandOf(IReadOnlyList<ScalingState> rows)
    {
        var command = new NpgsqlBatchCommand(UpsertStates);
        command.AddColumn(NpgsqlDbType.Uuid, rows, state => state.DeploymentId);
        command.AddColumn(NpgsqlDbType.Integer, rows, state => state.Wanted);
        command.AddColumn(NpgsqlDbType.Jsonb, rows, state => JsonSerializer.Serialize(state.Workers, FleetJson.Options));
        command.AddColumn(NpgsqlDbType.Text, rows, state => state.Refusal);
        command.AddColumn(NpgsqlDbType.TimestampTz, rows, state => state.ChangedAt.UtcDateTime);
        command.AddColumn(NpgsqlDbType.Bigint, rows, state => state.Revision + 1);
        return command;
    }

    private static NpgsqlBatchCommand CommandOf(IReadOnlyList<ScalingDecision> rows)
    {
        var command = new NpgsqlBatchCommand(InsertDecisions);
        command.AddColumn(NpgsqlDbType.Uuid, rows, decision => decision.Id);
        command.AddColumn(NpgsqlDbType.Uuid, rows, decision => decision.DeploymentId);
        command.AddColumn(NpgsqlDbType.TimestampTz, rows, decision => decision.DecidedAt.UtcDateTime);
        command.AddColumn(NpgsqlDbType.Integer, rows, decision => decision.FromInstances);
        command.AddColumn(NpgsqlDbType.Integer, rows, decision => decision.ToInstances);
        command.AddColumn(NpgsqlDbType.Integer, rows, decision => decision.Wanted);
        command.AddColumn(NpgsqlDbType.Text, rows, decision => decision.Reason);
        command.AddColumn(NpgsqlDbType.Double, rows, decision => decision.UtilizationPercent);
        command.AddColumn(NpgsqlDbType.Double, rows, decision => decision.QueueAgeMilliseconds);
        command.AddColumn(NpgsqlDbType.Jsonb, rows, decision => JsonSerializer.Serialize(decision.Workers, FleetJson.Options));
        command.AddColumn(NpgsqlDbType.Double, rows, decision => decision.ColdStartMilliseconds);
        return command;
    }
}
