namespace OrleansAiFleet.Fleet;

/// <summary>
/// A request that was understood and not carried out. Hosts answer it as problem+json with the status below;
/// nothing was changed.
/// </summary>
[GenerateSerializer, Alias("Fleet.FleetRefusedException")]
public sealed class FleetRefusedException : Exception
{
    public FleetRefusedException()
    {
    }

    public FleetRefusedException(string message)
        : base(message)
    {
    }

    public FleetRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <param name="kind">Which HTTP status it becomes.</param>
    /// <param name="field">The request's field at fault in the API's spelling (<c>source_url</c>), or null.</param>
    /// <param name="message">What is wrong and what to do, as one sentence.</param>
    public FleetRefusedException(RefusalKind kind, string? field, string message)
        : base(message)
    {
        Kind = kind;
        Field = field;
    }

    /// <summary>Which HTTP status it becomes.</summary>
    [Id(0)]
    public RefusalKind Kind { get; private set; }

    /// <summary>The request's field at fault, or null where it is none of them.</summary>
    [Id(1)]
    public string? Field { get; private set; }
}
