using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Models;

public sealed class ModelSearchTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private readonly string _name = $"model {Guid.NewGuid():N}";

    private ModelQueries Queries => database.Get<ModelQueries>();

    public static TheoryData<string> Sorts() =>
        [.. ModelSearch.Sorts.Keys.SelectMany(column => new[] { column, "-" + column })];

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Pages_of_every_order_follow_each_other_without_gap_or_repetition(string sort)
    {
        var stored = new List<AiModel>();
        for (var i = 0; i < 23; i++)
        {
            // Every third has no figure, and some have the same one.
            decimal? figure = i % 3 == 0 ? null : i % 5 * 4;
            stored.Add(await database.StoreAsync(Rows.Model() with
            {
                Name = _name,
                Version = $"{i}",
                InferenceTimeMs = figure,
                ThroughputFps = figure,
                BaselineAccuracy = figure,
                BaselineF1Score = figure,
                ModelFileSizeMb = figure,
                CreatedAt = Start.AddSeconds(i % 7),
                UpdatedAt = Start.AddSeconds(i % 4),
            }));
        }

        var seen = new List<AiModel>();
        string? cursor = null;
        do
        {
            var page = await ListAsync(new() { Name = _name, Sort = sort }, new(4, cursor));
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(stored.Select(model => model.Id).Order(), seen.Select(model => model.Id).Order());
        var values = seen.Select(model => ValueOf(model, sort.TrimStart('-'))).ToList();
        var known = values.OfType<IComparable>().ToList();
        Assert.Equal(sort[0] == '-' ? known.OrderDescending() : known.Order(), known);
        Assert.All(values.Skip(known.Count), Assert.Null);
    }

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Every_page_is_read_along_an_index(string sort)
    {
        var column = sort.TrimStart('-');
        var value = ModelSearch.Sorts[column] switch
        {
            NpgsqlTypes.NpgsqlDbType.TimestampTz => "2026-03-02 10:00:00+00", NpgsqlTypes.NpgsqlDbType.Numeric => "5.5", _ => "name",
        };
        var isAlwaysThere = column is "name" or "created_at" or "updated_at";

        var first = await ExplainAsync(sort, null);
        var next = await ExplainAsync(sort, SortedCursor.Of(sort, value, Guid.NewGuid()));

        Assert.DoesNotContain("Sort", first, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", first + next, StringComparison.Ordinal);
        Assert.Contains("Index Cond: (ROW(", next, StringComparison.Ordinal);
        Assert.Equal(!isAlwaysThere, next.Contains($"Index Cond: ({column} IS NULL)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lists_leave_the_report_of_validation_to_whoever_asks_for_one_version()
    {
        var stored = await database.StoreAsync(Rows.Model() with { Name = _name, Validation = JsonText.From(new { fault = "none" }), Author = "Ada" });

        var listed = Assert.Single((await ListAsync(new() { Name = _name }, new(4, null))).Items);

        Assert.NotNull(stored.Validation);
        Assert.Equivalent(stored with { Validation = null }, listed, strict: true);
        Assert.Null(Assert.Single(await Queries.ReadVersionsAsync(_name, CancellationToken.None)).Validation);
    }

    [Fact]
    public async Task Every_filter_narrows()
    {
        var site = await database.StoreAsync(Rows.Site());
        var match = await database.StoreAsync(Rows.Model() with
        {
            Name = _name, Version = "9", Category = "PPE Detection", ModelType = ModelType.Segmentation, Status = ModelStatus.Approved,
            LifecycleStage = LifecycleStage.Stable, ApprovalStatus = ApprovalStatus.Approved, Framework = "YOLOv8", Author = "Ada",
            Organization = "Site AG", LicenseType = "MIT", Description = "Sees Schutzhelme at night", InferenceTimeMs = 12.5m, BaselineF1Score = 91,
        });
        await database.StoreAsync(Rows.Model() with { Name = _name, Version = "10", Category = "Worker Activity", InferenceTimeMs = 99 });
        await database.StoreAsync(Rows.Deployment(match, site) with { DeploymentStatus = DeploymentStatus.Active });

        ModelFilter[] filters =
        [
            new() { Category = "PPE Detection" }, new() { Category = "Safety Compliance" }, new() { ModelType = ModelType.Segmentation },
            new() { Status = ModelStatus.Approved }, new() { LifecycleStage = LifecycleStage.Stable },
            new() { ApprovalStatus = ApprovalStatus.Approved }, new() { Framework = "YOLOv8" }, new() { Author = "Ada" },
            new() { Organization = "Site AG" }, new() { LicenseType = "MIT" }, new() { Text = "schutzh night" }, new() { Text = "ada's & (yolov8" },
            new() { DeployedAt = site.Id }, new() { IsDeployed = true },
            new() { Between = new Dictionary<string, (decimal?, decimal?)> { ["inference_time_ms"] = (12.5m, 12.5m), ["baseline_f1_score"] = (90, null) } },
        ];
        foreach (var filter in filters)
        {
            var found = await ListAsync(filter with { Name = _name }, new());
            Assert.True(found.Items.Select(model => model.Id).SequenceEqual([match.Id]), $"{filter}: {found.Items.Count}");
        }

        Assert.Empty((await ListAsync(new() { Name = _name, Text = "daylight" }, new())).Items);
        Assert.Empty((await ListAsync(new() { Name = _name, CreatedFrom = match.CreatedAt.AddDays(1) }, new())).Items);
    }

    [Fact]
    public async Task Archived_versions_are_shown_to_whoever_asks_for_them()
    {
        await database.StoreAsync(Rows.Model() with { Name = _name, Status = ModelStatus.Archived });

        Assert.Empty((await ListAsync(new() { Name = _name }, new())).Items);
        Assert.Single((await ListAsync(new() { Name = _name, IncludeArchived = true }, new())).Items);
        Assert.Single((await ListAsync(new() { Name = _name, Status = ModelStatus.Archived }, new())).Items);
    }

    [Theory]
    [InlineData("colour", null, "sort")]
    [InlineData("--name", null, "sort")]
    [InlineData("name; DROP TABLE ai_models", null, "sort")]
    [InlineData("name", "nonsense", "cursor")]
    [InlineData("name", "", "cursor")]
    public async Task Order_or_cursor_that_is_none_is_refused(string sort, string? cursor, string field)
    {
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => ListAsync(new() { Sort = sort }, new(10, cursor)));

        Assert.Equal((RefusalKind.Invalid, field), (refused.Kind, refused.Field));
    }

    [Theory]
    [InlineData("-name")]
    [InlineData("created_at")]
    public async Task Cursor_of_another_order_is_refused(string other)
    {
        var cursor = SortedCursor.Of("name", "x", Guid.NewGuid());

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => ListAsync(new() { Sort = other }, new(10, cursor)));

        Assert.Equal("cursor", refused.Field);
    }

    [Fact]
    public async Task Cursor_with_a_value_that_is_none_of_its_column_is_refused()
    {
        foreach (var (sort, value) in new[] { ("created_at", "yesterday"), ("throughput_fps", "fast"), ("name", "a\0b") })
        {
            var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => ListAsync(
                new() { Sort = sort }, new(10, SortedCursor.Of(sort, value, Guid.NewGuid()))));
            Assert.Equal("cursor", refused.Field);
        }
    }

    private async Task<Page<AiModel>> ListAsync(ModelFilter filter, PageRequest page)
    {
        var found = await Queries.SearchAsync(filter, page, CancellationToken.None);
        var rows = (await Queries.ReadListedAsync([.. found.Items.Select(row => row.Id)], CancellationToken.None))
            .ToDictionary(row => new FoundModel(row.Model.Id, row.RowVersion), row => row.Model);
        return new([.. found.Items.Select(row => rows[row])], found.NextCursor);
    }

    // The plan where the table is large: this one has too few rows for an index to pay.
    private async Task<string> ExplainAsync(string sort, string? cursor)
    {
        await using var connection = await database.Database.OpenConnectionAsync();
        await using (var large = new Npgsql.NpgsqlCommand("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET enable_incremental_sort = off", connection))
        {
            await large.ExecuteNonQueryAsync();
        }

        await using var command = ModelSearch.Command(database.Database, new() { Sort = sort }, new(50, cursor));
        await using var explain = new Npgsql.NpgsqlCommand("EXPLAIN " + command.CommandText, connection);
        explain.Parameters.AddRange(command.Parameters.Select(parameter => parameter.Clone()).ToArray());
        await using var reader = await explain.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        return string.Join('\n', plan);
    }

    private static object? ValueOf(AiModel model, string column) => column switch
    {
        "created_at" => model.CreatedAt,
        "updated_at" => model.UpdatedAt,
        "name" => model.Name,
        "inference_time_ms" => model.InferenceTimeMs,
        "throughput_fps" => model.ThroughputFps,
        "baseline_accuracy" => model.BaselineAccuracy,
        "baseline_f1_score" => model.BaselineF1Score,
        _ => model.ModelFileSizeMb,
    };
}
