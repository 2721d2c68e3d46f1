namespace OrleansAiFleet.Access;

/// <summary>A role that somebody has.</summary>
/// <param name="Role">Which.</param>
/// <param name="SiteId">On this site alone; null on all of them.</param>
[GenerateSerializer, Immutable, Alias("Fleet.AccessGrant")]
public sealed record AccessGrant([property: Id(0)] AccessRole Role, [property: Id(1)] Guid? SiteId = null);
