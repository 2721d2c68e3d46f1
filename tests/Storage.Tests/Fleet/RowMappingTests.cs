using System.Collections;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Evaluations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Training;

namespace OrleansAiFleet.Storage.Tests.Fleet;

public sealed class RowMappingTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private readonly Dictionary<string, Guid> _references = [];

    public static TheoryData<Type> Rowtypes =>
    [
        typeof(Site), typeof(Camera), typeof(AiModel), typeof(ModelAlias), typeof(ModelCategory), typeof(Deployment),
        typeof(Rollout), typeof(FleetRollout), typeof(FleetRolloutSite), typeof(Experiment), typeof(PerformanceOptimization), typeof(PerformanceMetrics), typeof(TrainingJob),
        typeof(EvaluationResult),
    ];

    [Theory]
    [MemberData(nameof(Rowtypes))]
    public async Task Every_property_is_a_column_of_its_type_and_every_column_a_property(Type row)
    {
        await using var db = await database.Contexts.CreateDbContextAsync();
        var mapping = db.Model.FindEntityType(row)!;

        var columns = await ColumnsAsync(mapping.GetTableName()!);

        var properties = mapping.GetProperties().Where(property => property.Name != FleetContext.RowVersion).ToArray();
        Assert.Equal(
            columns.Keys.Order(StringComparer.Ordinal),
            properties.Select(property => property.GetColumnName()).Order(StringComparer.Ordinal));
        Assert.All(properties, property => Assert.Equal(columns[property.GetColumnName()], property.GetRelationalTypeMapping().StoreType));
        Assert.Equal(
            row.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(StringComparer.Ordinal),
            properties.Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_value_of_every_row_comes_back_as_it_was_stored()
    {
        var user = Guid.NewGuid();
        await database.ExecuteAsync("INSERT INTO users (id) VALUES ($1)", user);
        foreach (var name in new[] { "ApprovedBy", "CreatedBy", "LastModifiedBy", "DeployedBy", "ReviewedBy", "EvaluatedBy", "SetBy" })
        {
            _references[name] = user;
        }

        _references["SiteId"] = (await RoundTripAsync<Site>()).Id;
        await RoundTripAsync<Camera>();
        _references["ModelId"] = (await RoundTripAsync<AiModel>()).Id;
        _references["RollbackModelId"] = _references["BaseModelId"] = _references["ModelId"];
        await RoundTripAsync<ModelAlias>();
        await RoundTripAsync<ModelCategory>();
        _references["DeploymentId"] = (await RoundTripAsync<Deployment>()).Id;
        _references["StableDeploymentId"] = _references["DeploymentId"];
        _references["CandidateModelId"] = _references["ModelId"];
        await RoundTripAsync<Rollout>();
        _references["FleetRolloutId"] = (await RoundTripAsync<FleetRollout>()).Id;
        _references["PreviousModelId"] = _references["ModelId"];
        await RoundTripAsync<FleetRolloutSite>();
        await RoundTripAsync<Experiment>();
        await RoundTripAsync<PerformanceOptimization>();
        await RoundTripAsync<PerformanceMetrics>();
        await RoundTripAsync<TrainingJob>();
        await RoundTripAsync<EvaluationResult>();
    }

    [Fact]
    public async Task Times_nobody_set_are_the_databases()
    {
        var site = await database.StoreAsync(Rows.Site());

        Assert.True(site.CreatedAt > new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(site.CreatedAt, site.UpdatedAt);
    }

    [Fact]
    public async Task Every_value_of_every_enum_has_the_customers_label()
    {
        foreach (var type in EnumTypes.All)
        {
            await using var command = database.Database.CreateCommand(
                "SELECT enumlabel::text FROM pg_enum WHERE enumtypid = $1::regtype ORDER BY enumsortorder");
            command.Parameters.Add(new() { Value = EnumTypes.NameOf(type) });
            await using var row = await command.ExecuteReaderAsync();
            var labels = new List<string>();
            while (await row.ReadAsync())
            {
                labels.Add(row.GetString(0));
            }

            Assert.Equal(labels, Enum.GetNames(type).Select(new EnumLabels(type).TranslateMemberName));
        }
    }

    private static object? Comparable(object? value) => value switch
    {
        string text => text,
        AnalysisRun run => JsonText.From(run),

        // A record's own equality compares its arrays by reference.
        SiteTemplate or Wave[] or MaintenanceWindow[] or ExperimentPlan or ExperimentStanding
            or OptimizationWish or OptimizationProgress or OptimizationStanding => JsonSerializer.Serialize(value, FleetJson.Options),
        IEnumerable items => string.Join('|', items.Cast<object>().Select(item => Convert.ToString(item, CultureInfo.InvariantCulture))),
        _ => value,
    };

    private async Task<T> RoundTripAsync<T>()
        where T : class, new()
    {
        var row = FilledRow.Of<T>(_references);

        var stored = await database.StoreAsync(row);

        Assert.All(
            typeof(T).GetProperties().Where(property => property.CanWrite),
            property => Assert.Equal(
                (property.Name, Comparable(property.GetValue(row))), (property.Name, Comparable(property.GetValue(stored)))));
        Assert.NotSame(row, stored);
        return stored;
    }

    private async Task<Dictionary<string, string>> ColumnsAsync(string table)
    {
        // A length or precision is the table's own business: the mapping names the type. So is what the table derives of others.
        await using var command = database.Database.CreateCommand(
            "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute "
            + "WHERE attrelid = $1::regclass AND attnum > 0 AND attgenerated = ''");
        command.Parameters.Add(new() { Value = table });
        await using var row = await command.ExecuteReaderAsync();
        var columns = new Dictionary<string, string>();
        while (await row.ReadAsync())
        {
            columns[row.GetString(0)] = row.GetString(1) is "character varying" or "character" ? "text" : row.GetString(1);
        }

        return columns;
    }
}
