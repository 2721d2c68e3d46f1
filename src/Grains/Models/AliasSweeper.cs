using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Brings deployments after their alias where whoever moved it did not get to.</summary>
internal sealed class AliasSweeper(
    AliasFollowing following,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<AliasSweeper> logger) : ControlLoop(Interval, time, lifetime, logger)
{
    // A deployment that is behind runs a good version, the one before.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override string Purpose => "bringing deployments to their alias";

    protected override Task Step(CancellationToken cancellationToken) => following.CatchUpAsync(name: null, cancellationToken);
}
