using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>The SQL of one page of model versions: which ids, in which order. Column names come from tables here, values are parameters.</summary>
internal sealed class ModelSearch
{
    private const string Live = "deployment.deployment_status IN ('pending', 'deploying', 'active', 'paused')";

    private readonly StringBuilder _where = new();
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>Columns that ranges can be asked of.</summary>
    public static FrozenSet<string> Ranges { get; } = FrozenSet.Create(
        "inference_time_ms", "throughput_fps", "baseline_accuracy", "baseline_precision", "baseline_recall", "baseline_f1_score",
        "model_file_size_mb", "memory_requirement_gb", "min_gpu_memory_gb");

    /// <summary>Columns that a list can be sorted by, with their types.</summary>
    public static FrozenDictionary<string, NpgsqlDbType> Sorts { get; } = new Dictionary<string, NpgsqlDbType>
    {
        ["created_at"] = NpgsqlDbType.TimestampTz,
        ["updated_at"] = NpgsqlDbType.TimestampTz,
        ["name"] = NpgsqlDbType.Varchar,
        ["inference_time_ms"] = NpgsqlDbType.Numeric,
        ["throughput_fps"] = NpgsqlDbType.Numeric,
        ["baseline_accuracy"] = NpgsqlDbType.Numeric,
        ["baseline_f1_score"] = NpgsqlDbType.Numeric,
        ["model_file_size_mb"] = NpgsqlDbType.Numeric,
    }.ToFrozenDictionary();

    /// <summary>The command that reads ids, row versions and sort values of one page and one row more.</summary>
    /// <exception cref="FleetRefusedException">Sort, range or cursor is none that there is.</exception>
    public static NpgsqlCommand Command(NpgsqlDataSource database, ModelFilter filter, PageRequest page)
    {
        var order = SortOrder.Parse(filter.Sort);
        var search = new ModelSearch();
        search.Filter(filter);
        var command = database.CreateCommand(search.Page(order, page));
        command.Parameters.AddRange(search._parameters.ToArray());
        return command;
    }

    private string Page(SortOrder order, PageRequest page)
    {
        var limit = page.Limit + 1;
        var parts = Conditions(order, page.Cursor).Select(condition =>
            $"(SELECT id, xmin, {order.Column} AS value FROM ai_models AS model WHERE {condition}{_where} {order.By(order.Column)} LIMIT {limit})").ToArray();
        return $"SELECT id, xmin, value::TEXT FROM ({string.Join(" UNION ALL ", parts)}) AS page {order.By("page.value")} LIMIT {limit}";
    }

    // The rows after the cursor's: the same value with a larger id, larger values, and at last those without a value. Asked for
    // together, the last would keep an index from beginning at the cursor; each for itself ends after a page.
    private IEnumerable<string> Conditions(SortOrder order, string? cursor)
    {
        if (cursor is null)
        {
            return ["TRUE"];
        }

        var (value, id) = SortedCursor.Parse(cursor, order.Text);
        var after = order.Descending ? "<" : ">";
        if (value is null)
        {
            return [$"{order.Column} IS NULL AND id {after} {Parameter(id)}"];
        }

        var larger = $"({order.Column}, id) {after} ({Parameter(Value(order, value), Sorts[order.Column])}, {Parameter(id)})";
        return order.IsAlwaysThere ? [larger] : [larger, $"{order.Column} IS NULL"];
    }

    private void Filter(ModelFilter filter)
    {
        Equal("name", filter.Name);
        Equal("model_type", filter.ModelType);
        Equal("status", filter.Status);
        Equal("lifecycle_stage", filter.LifecycleStage);
        Equal("approval_status", filter.ApprovalStatus);
        Equal("framework", filter.Framework);
        Equal("author", filter.Author);
        Equal("organization", filter.Organization);
        Equal("license_type", filter.LicenseType);
        Equal("created_by", filter.CreatedBy);
        Compare("created_at >=", filter.CreatedFrom?.ToUniversalTime());
        Compare("created_at <=", filter.CreatedTo?.ToUniversalTime());
        if (filter.Category is { } category)
        {
            DemandText("category", category);
            var name = Parameter(category);
            And($"(category = {name} OR category IN (SELECT kind.name FROM model_categories AS kind WHERE kind.family = {name}))");
        }

        foreach (var (column, (least, most)) in filter.Between)
        {
            if (!Ranges.Contains(column))
            {
                throw new FleetRefusedException(RefusalKind.Invalid, column, $"Model versions cannot be filtered by a range of {column}.");
            }

            Compare($"{column} >=", least);
            Compare($"{column} <=", most);
        }

        if (Words(filter.Text) is { Length: > 0 } words)
        {
            And($"search @@ to_tsquery('simple', {Parameter(words)})");
        }

        Deployed(filter);
        if (filter is { IncludeArchived: false, Status: null })
        {
            And("status <> 'archived'");
        }
    }

    private void Deployed(ModelFilter filter)
    {
        if (filter.DeployedAt is { } site)
        {
            And($"id IN (SELECT deployment.model_id FROM model_deployments AS deployment WHERE deployment.site_id = {Parameter(site)} AND {Live})");
        }

        if (filter.IsDeployed is { } isDeployed)
        {
            And($"{(isDeployed ? "" : "NOT ")}EXISTS (SELECT 1 FROM model_deployments AS deployment WHERE deployment.model_id = model.id AND {Live})");
        }
    }

    private static object Value(SortOrder order, string text)
    {
        try
        {
            return Sorts[order.Column] switch
            {
                NpgsqlDbType.TimestampTz => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUniversalTime(),
                NpgsqlDbType.Numeric => decimal.Parse(text, CultureInfo.InvariantCulture),
                _ => text,
            };
        }
        catch (FormatException)
        {
            throw SortedCursor.Bad();
        }
    }

    // Every word as a beginning; signs that to_tsquery knows are none of the word.
    private static string Words(string? text) => string.Join(
        " & ",
        new string([.. (text ?? "").Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(10).Select(word => word + ":*"));

    private void Equal<T>(string column, T? value)
    {
        if (value is not null)
        {
            DemandText(column, value);
            And($"{column} = {Parameter(value)}");
        }
    }

    // PostgreSQL knows no such text, so that no row can have it.
    private static void DemandText(string column, object value)
    {
        if (value is string text && text.Contains('\0'))
        {
            throw new FleetRefusedException(RefusalKind.Invalid, column, $"{column} must not contain a zero character.");
        }
    }

    private void Compare<T>(string comparison, T? value)
        where T : struct
    {
        if (value is { } bound)
        {
            And($"{comparison} {Parameter(bound)}");
        }
    }

    private void And(string condition) => _where.Append(" AND ").Append(condition);

    private string Parameter(object value, NpgsqlDbType? type = null)
    {
        _parameters.Add(type is { } known ? new() { Value = value, NpgsqlDbType = known } : new() { Value = value });
        return $"${_parameters.Count}";
    }
}

/// <summary>How a list is sorted.</summary>
/// <param name="Text">As it was asked for: <c>-created_at</c>.</param>
/// <param name="Column">The column.</param>
/// <param name="Descending">The largest first.</param>
internal sealed record SortOrder(string Text, string Column, bool Descending)
{
    private const string Newest = "-created_at";

    /// <summary>Every row has a value.</summary>
    public bool IsAlwaysThere => Column is "name" or "created_at" or "updated_at";

    /// <summary>The clause that sorts, as an index has it: where nothing can be null, NULLS LAST would rule the index out.</summary>
    public string By(string column)
    {
        var direction = Descending ? "DESC" : "ASC";
        return $"ORDER BY {column} {direction}{(IsAlwaysThere ? "" : " NULLS LAST")}, id {direction}";
    }

    /// <exception cref="FleetRefusedException">There is no such order.</exception>
    public static SortOrder Parse(string? sort)
    {
        var text = string.IsNullOrEmpty(sort) ? Newest : sort;
        var column = text.TrimStart('-');
        return ModelSearch.Sorts.ContainsKey(column) && text.Length - column.Length <= 1
            ? new(text, column, text.Length > column.Length)
            : throw new FleetRefusedException(
                RefusalKind.Invalid,
                "sort",
                $"sort must be one of {string.Join(", ", ModelSearch.Sorts.Keys.Order(StringComparer.Ordinal))}, with - before it for the largest first.");
    }
}
