namespace OrleansAiFleet.Fleet;

/// <summary>A policy's no: which field is at fault and what to do about it.</summary>
internal sealed record Refusal(RefusalKind Kind, string? Field, string Message)
{
    /// <summary>A field has a value that cannot be taken.</summary>
    public static Refusal Invalid(string field, string message) => new(RefusalKind.Invalid, field, message);

    /// <summary>A field names something that does not exist.</summary>
    public static Refusal NotFound(string? field, string message) => new(RefusalKind.NotFound, field, message);

    /// <summary>What is asked contradicts what is there.</summary>
    public static Refusal Conflict(string? field, string message) => new(RefusalKind.Conflict, field, message);

    /// <summary>The first refusal of several checks, or null where none refuses.</summary>
    public static Refusal? First(params ReadOnlySpan<Refusal?> checks)
    {
        foreach (var check in checks)
        {
            if (check is not null)
            {
                return check;
            }
        }

        return null;
    }

    public FleetRefusedException ToException() => new(Kind, Field, Message);
}

internal static class RefusalExtensions
{
    /// <summary>Carries a policy's no to the caller; does nothing where it said yes.</summary>
    /// <exception cref="FleetRefusedException">There is a refusal.</exception>
    public static void ThrowIfRefused(this Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw refusal.ToException();
        }
    }
}
