using System.ComponentModel;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>Which deployments are wanted.</summary>
public sealed record DeploymentFilter
{
    [FromQuery(Name = "model_id")]
    public Guid? ModelId { get; init; }

    [FromQuery(Name = "site_id")]
    public Guid? SiteId { get; init; }

    [FromQuery(Name = "status"), Description("active, terminated …")]
    public Named<DeploymentStatus>? Status { get; init; }
}
