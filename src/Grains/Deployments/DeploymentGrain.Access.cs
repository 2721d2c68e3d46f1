using Microsoft.Extensions.Logging;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

/// <summary>Who may have pictures of their own inferred, and the deployment's key.</summary>
internal sealed partial class DeploymentGrain
{
    public async Task<Deployment> SetApiAccess(DeploymentApiAccess access)
    {
        RequireOpen();
        DeploymentPolicy.ApiAccess(access).ThrowIfRefused();
        var changed = DeploymentPolicy.With(state.State, access);
        return RowEquality.Same(changed, state.State) ? state.State : await Change("deployments.set_api_access", changed);
    }

    public async Task<Deployment> SetApiKey(string? storedKey)
    {
        if (storedKey is null)
        {
            RequireThere();
            return state.State.ApiKey is null ? state.State : await Change("deployments.revoke_api_key", state.State with { ApiKey = null });
        }

        RequireOpen();
        var changed = await Change("deployments.rotate_api_key", state.State with { ApiKey = storedKey });
        LogNewKey(Id);
        return changed;
    }

    public async Task<Deployment> InheritApiKey(string storedKey)
    {
        RequireOpen();
        return state.State.ApiKey is not null ? state.State : await Change("deployments.inherit_api_key", state.State with { ApiKey = storedKey });
    }

    private async Task<Deployment> Change(string action, Deployment changed)
    {
        using (AuditAction.Named(action))
        {
            await state.WriteRow(changed with { UpdatedAt = time.GetUtcNow().Stored() });
        }

        return state.State;
    }

    private void RequireThere()
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no deployment {Id:D}.").ToException();
        }
    }

    private void RequireOpen()
    {
        RequireThere();
        if (DeploymentTransitions.IsFinal(Status))
        {
            throw Refusal.Conflict(null, $"Deployment {Id:D} was terminated: nobody can call it any more. Make a new one.").ToException();
        }
    }

    [LoggerMessage(LogLevel.Information, "Deployment {Deployment}: has a new API key; the one before is no good any more")]
    private partial void LogNewKey(Guid deployment);
}
