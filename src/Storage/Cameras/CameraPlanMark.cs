using Npgsql;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Cameras;

/// <summary>
/// Whether plans have to be made anew: a sum over the versions of all rows that they are made of. Thousands of rows are read every few
/// seconds to find that nothing changed; this says it for a small part of that.
/// </summary>
/// <remarks>
/// A row's version is the transaction that wrote it (<c>xmin</c>), so that a change counts once it is committed, in whatever order that is;
/// a time of change would miss what is committed after a later one.
/// </remarks>
internal sealed class CameraPlanMark(NpgsqlDataSource database)
{
    private const string Sql = """
        WITH active AS (SELECT id, model_id, xmin FROM model_deployments WHERE deployment_status = 'active')
        SELECT count(*)::TEXT || '/' || coalesce(sum(hashtextextended(row.id::TEXT, row.version::TEXT::BIGINT)), 0)::TEXT
        FROM (
            SELECT id, xmin AS version FROM cameras WHERE enabled
            UNION ALL SELECT id, xmin FROM active
            UNION ALL SELECT id, xmin FROM ai_models WHERE id IN (SELECT model_id FROM active)
            UNION ALL SELECT id, xmin FROM sites WHERE cardinality(allowed_networks) > 0
            UNION ALL SELECT id, xmin FROM rollouts WHERE NOT is_settled
        ) AS row
        """;

    /// <summary>Equal texts mean equal rows. Read it before the rows: what changes in between is seen the next time.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public async Task<string> ReadAsync(CancellationToken cancellationToken) =>
        (await database.ReadAllAsync(Sql, [], row => row.GetString(0), cancellationToken))[0];
}
