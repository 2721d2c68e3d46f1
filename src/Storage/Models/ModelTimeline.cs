using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>What was live where, from when to when, and who had approved it.</summary>
public sealed class ModelTimeline(NpgsqlDataSource database)
{
    /// <summary>Most periods of one answer.</summary>
    public const int Most = 1000;

    // Approvals of the round that was good when it went live: those after the last step that ends one.
    private const string Sql = """
        SELECT
            period.deployment_id,
            deployment.deployment_name,
            deployment.deployment_type::TEXT,
            period.site_id,
            site.name,
            period.model_id,
            model.name,
            model.version,
            period.configuration_revision,
            period.deployed_by,
            deployer.user_name,
            period.live_from,
            period.live_until,
            (
                SELECT COALESCE(jsonb_agg(jsonb_build_object(
                    'by', decision.value -> 'by', 'name', approver.user_name,
                    'comment', decision.value -> 'comment', 'at', decision.value -> 'at') ORDER BY decision.ordinality), '[]')
                FROM jsonb_array_elements(period.decisions) WITH ORDINALITY AS decision
                LEFT JOIN users AS approver ON approver.id = (decision.value ->> 'by')::UUID
                WHERE decision.value ->> 'step' = 'approve'
                    AND NOT EXISTS (
                        SELECT 1
                        FROM jsonb_array_elements(period.decisions) WITH ORDINALITY AS later
                        WHERE later.ordinality > decision.ordinality
                            AND later.value ->> 'step' IN ('reject', 'request_review', 'resubmit', 'restore')
                    )
            )::TEXT
        FROM deployment_periods AS period
        JOIN model_deployments AS deployment ON deployment.id = period.deployment_id
        JOIN sites AS site ON site.id = period.site_id
        JOIN ai_models AS model ON model.id = period.model_id
        LEFT JOIN users AS deployer ON deployer.id = period.deployed_by
        WHERE ($1::UUID IS NULL OR period.site_id = $1)
            AND ($2::UUID IS NULL OR period.model_id = $2)
            AND ($3::UUID[] IS NULL OR period.site_id = ANY ($3))
            AND period.live_from <= $5
            AND (period.live_until IS NULL OR period.live_until > $4)
        ORDER BY period.live_from DESC, period.id DESC
        LIMIT 1000
        """;

    /// <summary>Periods that touch a span of time, the latest first.</summary>
    /// <param name="siteId">On this site; null: on all.</param>
    /// <param name="modelId">Of this version; null: of all.</param>
    /// <param name="scope">Sites that the caller may see; null: all.</param>
    /// <param name="from">Live after this.</param>
    /// <param name="to">Live at this or before; the same as <paramref name="from"/> asks for one moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public Task<IReadOnlyList<LivePeriod>> ReadAsync(
        Guid? siteId, Guid? modelId, SiteScope? scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => database.ReadAllAsync(
        Sql,
        [
            Reading.Nullable(siteId, NpgsqlDbType.Uuid), Reading.Nullable(modelId, NpgsqlDbType.Uuid), Reading.Ids(scope?.ToArray()),
            new() { Value = from.ToUniversalTime() }, new() { Value = to.ToUniversalTime() },
        ],
        Read,
        cancellationToken);

    private static LivePeriod Read(NpgsqlDataReader row) => new()
    {
        DeploymentId = row.GetGuid(0),
        DeploymentName = row.GetString(1),
        DeploymentType = row.GetString(2),
        SiteId = row.GetGuid(3),
        SiteName = row.GetString(4),
        ModelId = row.GetGuid(5),
        ModelName = row.GetString(6),
        ModelVersion = row.GetString(7),
        ConfigurationRevision = row.GetInt32(8),
        DeployedBy = row.IsDBNull(9) ? null : row.GetGuid(9),
        DeployedByName = row.IsDBNull(10) ? null : row.GetString(10),
        LiveFrom = row.GetFieldValue<DateTimeOffset>(11),
        LiveUntil = row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12),
        Approvals = JsonSerializer.Deserialize<PeriodApproval[]>(row.GetString(13), FleetJson.Options) ?? [],
    };
}

/// <summary>A time in which a model version was live on a site in one configuration.</summary>
public sealed record LivePeriod
{
    public required Guid DeploymentId { get; init; }

    public required string DeploymentName { get; init; }

    public required string DeploymentType { get; init; }

    public required Guid SiteId { get; init; }

    public required string SiteName { get; init; }

    public required Guid ModelId { get; init; }

    public required string ModelName { get; init; }

    public required string ModelVersion { get; init; }

    /// <summary>The configuration it ran in.</summary>
    public required int ConfigurationRevision { get; init; }

    public Guid? DeployedBy { get; init; }

    public string? DeployedByName { get; init; }

    public required DateTimeOffset LiveFrom { get; init; }

    /// <summary>Null: it is live.</summary>
    public DateTimeOffset? LiveUntil { get; init; }

    /// <summary>Who had approved the version when it went live; nobody for a trial.</summary>
    public required PeriodApproval[] Approvals { get; init; }
}

/// <summary>One approval.</summary>
public sealed record PeriodApproval(Guid? By, string? Name, string? Comment, DateTimeOffset At);
