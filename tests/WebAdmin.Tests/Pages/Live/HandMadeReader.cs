using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.WebAdmin.Fleet;

namespace OrleansAiFleet.WebAdmin.Tests.Pages.Live;

/// <summary>Answers with what the test says; a cluster that is away throws.</summary>
internal sealed class HandMadeReader : ISystemHealthReader
{
    private TaskCompletionSource<SystemHealth> _health = new();

    public int Reads { get; private set; }

    public void Say(SystemHealth health)
    {
        _health = new();
        _health.SetResult(health);
    }

    public void GoAway()
    {
        _health = new();
        _health.SetException(new InvalidOperationException("No gateways."));
    }

    public async Task<FleetView> ReadAsync(SiteScope scope, CancellationToken cancellationToken)
    {
        Reads++;
        return new(
            await _health.Task.WaitAsync(cancellationToken),
            new Dictionary<Guid, string> { [Health.Site] = "Harbour north" });
    }
}
