using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

/// <summary>Where its detections are sent.</summary>
internal sealed partial class DeploymentGrain
{
    public async Task<Deployment> SetDestinations(JsonText? outputDestinations)
    {
        RequireOpen();
        var asked = destinations.Take(state.State with { OutputDestinations = outputDestinations }, state.State.OutputDestinations);
        if (RowEquality.Same(asked, destinations.Opened(state.State)))
        {
            return state.State;
        }

        var changed = await Change("deployments.set_destinations", destinations.Closed(asked));
        await TellSupervisor();
        return changed;
    }
}
