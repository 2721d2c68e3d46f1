namespace OrleansAiFleet.Access;

/// <summary>Who is behind an entry of <c>users</c>. Stored by name: never rename.</summary>
public enum UserKind
{
    /// <summary>Signs in.</summary>
    Person = 0,

    /// <summary>A program: has keys, never signs in.</summary>
    Service = 1,
}
