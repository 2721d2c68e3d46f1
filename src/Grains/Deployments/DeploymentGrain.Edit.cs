using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

/// <summary>Changes of columns while the deployment is at work.</summary>
internal sealed partial class DeploymentGrain
{
    public Task<StoredDeployment?> GetStored() => Task.FromResult(state.RecordExists ? Stored() : null);

    public async Task<StoredDeployment> Edit(EditDeployment edit)
    {
        RequireOpen();
        if (edit.IfMatch is { } expected && !expected.Contains(state.Etag ?? ""))
        {
            throw new RowConflictException(expected, state.Etag ?? "", JsonText.From(state.State with { ApiKey = null }));
        }

        DeploymentEdits.Apply(state.State, edit.Fields, out var edited).ThrowIfRefused();
        if (!ReferenceEquals(edited, state.State))
        {
            DeploymentSchedule.JudgeChange(state.State, edited, time.GetUtcNow()).ThrowIfRefused();
            await Check(edited);
            await Change("deployments.edit", edited);
            await TellSupervisor();
        }

        return Stored();
    }

    private StoredDeployment Stored() => new() { Deployment = state.State, RowVersion = state.Etag ?? "" };
}
