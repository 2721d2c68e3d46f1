namespace OrleansAiFleet.Audit;

/// <summary>On whose behalf something is done. Travels with grain calls (<see cref="CallerContext"/>).</summary>
[GenerateSerializer, Immutable, Alias("Fleet.Caller")]
public sealed record Caller
{
    /// <summary>What kind of somebody it is.</summary>
    [Id(0)]
    public CallerKind Kind { get; init; }

    /// <summary>The person's id (also behind a key); null for the fleet itself and for nobody known.</summary>
    [Id(1)]
    public Guid? UserId { get; init; }

    /// <summary>Sign-in name, a key's prefix, or the silo's name.</summary>
    [Id(2)]
    public string Name { get; init; } = "";

    /// <summary>Network address that the request came from; null for the fleet itself.</summary>
    [Id(3)]
    public string? Address { get; init; }

    /// <summary>Id of the request, also in its answer and in the log.</summary>
    [Id(4)]
    public string? RequestId { get; init; }
}

/// <summary>What kind of somebody acts. Stored by name: never rename.</summary>
[GenerateSerializer, Alias("Fleet.CallerKind")]
public enum CallerKind
{
    /// <summary>The fleet by itself: a control loop, a reminder, a start.</summary>
    Fleet = 0,

    /// <summary>A person who signed in.</summary>
    Person = 1,

    /// <summary>A program with a key.</summary>
    Key = 2,

    /// <summary>Somebody who did not say, or could not prove, who they are.</summary>
    Anonymous = 3,
}
