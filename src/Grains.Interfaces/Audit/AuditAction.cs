namespace OrleansAiFleet.Audit;

/// <summary>
/// Names the changes of rows that follow, in the words of whoever makes them; without a name they are
/// <c>cameras.create</c>, <c>.update</c> or <c>.delete</c> by their table. Stays in this flow: other grains name their own.
/// </summary>
public static class AuditAction
{
    private static readonly AsyncLocal<string?> Name = new();

    /// <summary>What changes are called now, or null.</summary>
    public static string? Current => Name.Value;

    /// <summary>Changes are called so until the answer is disposed: <c>deployments.terminate</c>.</summary>
    public static IDisposable Named(string action)
    {
        ArgumentException.ThrowIfNullOrEmpty(action);
        var scope = new Scope(Name.Value);
        Name.Value = action;
        return scope;
    }

    private sealed class Scope(string? outer) : IDisposable
    {
        public void Dispose() => Name.Value = outer;
    }
}
