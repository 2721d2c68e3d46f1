namespace OrleansAiFleet.Access;

/// <summary>What somebody is to the fleet or to one site. Stored by name: never rename.</summary>
[GenerateSerializer, Alias("Fleet.AccessRole")]
public enum AccessRole
{
    /// <summary>Runs the fleet: people, keys, sites, and everything else.</summary>
    Administrator = 0,

    /// <summary>Uploads, trains and evaluates models.</summary>
    ModelEngineer = 1,

    /// <summary>Approves model versions that others uploaded.</summary>
    Approver = 2,

    /// <summary>Answers for a site: its cameras, settings and deployments.</summary>
    SiteManager = 3,

    /// <summary>Deploys, rolls back, acknowledges alerts.</summary>
    Operator = 4,

    /// <summary>Looks.</summary>
    Viewer = 5,

    /// <summary>A program that reports events and asks for detections.</summary>
    Integration = 6,
}
