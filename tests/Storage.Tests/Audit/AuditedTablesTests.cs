using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Tests.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Audit;

/// <summary>Every table is audited, or says why it is not.</summary>
public sealed partial class AuditedTablesTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly string[] Audited =
    [
        "access_grants", "ai_models", "api_keys", "cameras", "erasures", "experiments", "fleet_rollouts", "maintenance_modes", "model_aliases",
        "model_categories", "model_deployments", "model_evaluation_results", "model_training_jobs", "performance_optimizations", "rollouts", "sites",
        "user_claims", "user_logins", "user_tokens", "users",
    ];

    private static readonly Dictionary<string, string> NotAudited = new()
    {
        ["audit_entries"] = "the trail itself",
        ["audit_heads"] = "the trail itself",
        ["data_protection_keys"] = "made by hosts for themselves, encrypted, by nobody's request",
        ["deployment_periods"] = "follows from rows that are audited, by their triggers",
        ["deployment_scaling"] = "the scheduler's own, by nobody's request; the deployment's row, which is audited, has its thresholds",
        ["detection_dead_letters"] = "what could not be delivered of measurements",
        ["detection_marks"] = "recorded by hand in the transaction of the change: the trail is not to say what was seen when, which is erased",
        ["detection_outbox"] = "what is to be delivered of measurements",
        ["detections"] = "measurements",
        ["fleet_rollout_sites"] = "how far sites are; the fleet rollout's waves and decisions, the deployments and rollouts are audited",
        ["idempotent_requests"] = "answers kept for a day, so that a repeated request gets the first one's",
        ["metric_window_reports"] = "measurements",
        ["model_configuration_revisions"] = "follows from the models' rows, which are audited, by their trigger",
        ["model_file_chunks"] = "content of a model file; the model's row, which is audited, has its SHA-256",
        ["model_file_removals"] = "objects on their way out of the bucket; encrypted, without a name",
        ["model_files"] = "content of a model file; the model's row, which is audited, has its SHA-256",
        ["model_performance_metrics"] = "measurements",
        ["model_upload_parts"] = "content on its way in; the model's row, which is audited, has its SHA-256",
        ["model_uploads"] = "content on its way in; the model's row, which is audited, has its SHA-256",
        ["orleansmembershiptable"] = "the cluster's own",
        ["orleansmembershipversiontable"] = "the cluster's own",
        ["orleansquery"] = "the cluster's own",
        ["orleansreminderstable"] = "the cluster's own",
        ["orleansstorage"] = "the cluster's own",
        ["output_destinations"] = "follows from the deployments' rows, which are audited, by their trigger; beside it how deliveries go",
        ["rollout_samples"] = "measurements",
        ["scaling_decisions"] = "the scheduler's own, by nobody's request, and a record themselves",
        ["schema_migrations"] = "written by migrations alone, with checksums of their own",
        ["shadow_detections"] = "measurements",
        ["signed_requests"] = "kept for minutes, so that no signed request is taken twice",
    };

    // A column that by itself says nothing, written past EF on purpose.
    private const string Bookkeeping = "UPDATE api_keys SET last_used_at";

    [Fact]
    public async Task Every_table_is_audited_or_says_why_not()
    {
        await using var command = database.Database.CreateCommand("""
            SELECT relname::TEXT
            FROM pg_class
            WHERE relkind IN ('r', 'p')
                AND NOT relispartition
                AND relnamespace = 'public'::regnamespace
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync())
        {
            tables.Add(reader.GetString(0));
        }

        Assert.Contains("cameras", tables);
        Assert.Empty(tables.Except(Audited).Except(NotAudited.Keys));
        Assert.Empty(Audited.Intersect(NotAudited.Keys));
    }

    [Fact]
    public void Policy_and_list_agree()
    {
        Assert.All(Audited, table => Assert.True(AuditPolicy.IsAudited(table), table));
        Assert.False(AuditPolicy.IsAudited("model_performance_metrics"));
    }

    [Fact]
    public async Task Row_of_every_mapped_table_is_audited_by_what_the_list_says()
    {
        await using var db = await database.Contexts.CreateDbContextAsync();

        var mapped = db.Model.GetEntityTypes().Select(row => row.GetTableName()!).Distinct().ToArray();

        Assert.NotEmpty(mapped);
        Assert.All(mapped, table => Assert.Equal(Audited.Contains(table), AuditPolicy.IsAudited(table)));
    }

    // No interceptor sees what is written past EF.
    [Fact]
    public void Statement_written_by_hand_changes_no_audited_table()
    {
        var written = Directory.GetFiles(Path.Combine(RealData.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(path => Writes().Matches(File.ReadAllText(path).Replace(Bookkeeping, "", StringComparison.Ordinal))
                .Select(match => (Path: path, Table: TableOf(match, path))))
            .ToArray();

        Assert.Contains(written, statement => statement.Table == "detections");
        Assert.DoesNotContain(written, statement => !NotAudited.ContainsKey(statement.Table));
    }

    // A name that is put together at run time could be any table's; the partitions of detections have such names.
    private static string TableOf(Match statement, string path) => statement.Groups[1] is { Length: > 0 } table
        ? table.Value
        : Path.GetFileName(path) == "DetectionPartitions.cs" ? "detections" : "{name}";

    [GeneratedRegex(@"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE|COPY)\s+(?:ONLY\s+)?""?(?:([a-z_]+)|(?=\{))")]
    private static partial Regex Writes();
}
