namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Which of the three processes this is. Decides names and default ports only.</summary>
public enum FleetRole
{
    /// <summary>Control silo with the REST API.</summary>
    Silo,

    /// <summary>GPU worker silo.</summary>
    Worker,

    /// <summary>Web console, an Orleans client.</summary>
    Console,
}
