using System.Collections.Frozen;
using System.Text.Json;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>Which changes are recorded and which values are shown: everything but what stands here. Pure.</summary>
internal static class AuditPolicy
{
    /// <summary>What stands in a record in place of a secret.</summary>
    public const string Mask = "***";

    // Measurements, not decisions; and how far sites are, which follows from rows and decisions that are recorded.
    private static readonly FrozenSet<string> Measured = FrozenSet.Create("fleet_rollout_sites", "model_performance_metrics");

    // Change along with others and by themselves say nothing; or are what is measured from minute to minute until something is decided.
    private static readonly FrozenSet<string> Bookkeeping = FrozenSet.Create("updated_at", "last_used_at", "concurrency_stamp", "standing");

    private static readonly FrozenSet<string> SecretWords = FrozenSet.Create(
        "authorization", "credential", "credentials", "hash", "password", "secret", "secrets", "stamp", "token", "tokens");

    private static readonly FrozenSet<string> SecretColumns = FrozenSet.Create("user_tokens.value");

    /// <summary>Whether changes of a table's rows are recorded.</summary>
    public static bool IsAudited(string table) => !Measured.Contains(table);

    /// <summary>Whether a column's change is worth a record.</summary>
    public static bool Counts(string column) => !Bookkeeping.Contains(column);

    /// <summary>Whether nobody may read a column's value in the trail. Names decide, so that a new column is masked from its first day.</summary>
    /// <param name="table">The row's table.</param>
    /// <param name="column">A column, or a name within JSON in whatever spelling: <c>apiKey</c>, <c>X-Api-Key</c>.</param>
    public static bool IsSecret(string table, string column)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(column.Replace('-', '_'));
        return name.EndsWith("api_key", StringComparison.Ordinal)
            || SecretColumns.Contains($"{table}.{name}")
            || name.Split('_').Any(SecretWords.Contains);
    }

    /// <summary>Whether a column holds an address, of which user and query may be secret.</summary>
    public static bool IsAddress(string column) => column.Split('_').Contains("url");

    /// <summary>Whether a text is an address, or has one in it.</summary>
    public static bool HasAddress(string text) => text.Contains("://", StringComparison.Ordinal);

    /// <summary>An address without the secrets it may carry.</summary>
    public static string MaskAddress(string address)
    {
        var query = address.IndexOfAny(['?', '#']);
        var path = query < 0 ? address : $"{address[..query]}{address[query]}{Mask}";
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return path;
        }

        var host = scheme + "://".Length;
        var end = path.AsSpan(host).IndexOfAny('/', '?', '#');
        var user = path.AsSpan(host, end < 0 ? path.Length - host : end).LastIndexOf('@');
        return user < 0 ? path : $"{path[..host]}{Mask}{path[(host + user)..]}";
    }
}
