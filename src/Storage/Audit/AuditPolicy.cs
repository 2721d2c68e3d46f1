using System.Collections.Frozen;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>Which changes are recorded and which values are shown: everything but what stands here. Pure.</summary>
internal static class AuditPolicy
{
    /// <summary>What stands in a record in place of a secret.</summary>
    public const string Mask = "***";

    // Measurements, not decisions.
    private static readonly FrozenSet<string> Measured = FrozenSet.Create("model_performance_metrics");

    // Change along with others and by themselves say nothing.
    private static readonly FrozenSet<string> Bookkeeping = FrozenSet.Create("updated_at", "last_used_at", "concurrency_stamp");

    private static readonly FrozenSet<string> SecretWords = FrozenSet.Create(
        "credential", "credentials", "hash", "password", "secret", "secrets", "stamp", "token");

    private static readonly FrozenSet<string> SecretColumns = FrozenSet.Create("api_key", "user_tokens.value");

    /// <summary>Whether changes of a table's rows are recorded.</summary>
    public static bool IsAudited(string table) => !Measured.Contains(table);

    /// <summary>Whether a column's change is worth a record.</summary>
    public static bool Counts(string column) => !Bookkeeping.Contains(column);

    /// <summary>Whether nobody may read a column's value in the trail. Names decide, so that a new column is masked from its first day.</summary>
    public static bool IsSecret(string table, string column) =>
        SecretColumns.Contains(column)
        || SecretColumns.Contains($"{table}.{column}")
        || column.Split('_').Any(SecretWords.Contains);

    /// <summary>Whether a column holds an address, of which user and query may be secret.</summary>
    public static bool IsAddress(string column) => column.Split('_').Contains("url");

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
