using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Sites;

/// <summary>Owns one row of <c>sites</c>. Asks nobody; cameras look it up and deployments tell it what runs there.</summary>
[GrainType("site")]
internal sealed partial class SiteGrain(
    [PersistentState(StateNames.Site, StateNames.Provider)] IPersistentState<Site> state,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<SiteGrain> logger) : Grain, ISiteGrain
{
    public async Task<Site> Create(Site site)
    {
        var key = this.GetPrimaryKey();
        SitePolicy.Judge(key, site).ThrowIfRefused();
        if (state.RecordExists)
        {
            return SitePolicy.Same(state.State, site)
                ? state.State
                : throw Refusal.Conflict("id", $"Site {key:D} is another one already.").ToException();
        }

        var now = time.GetUtcNow().Stored();
        await state.WriteRow(site with { DeployedModels = [], CreatedAt = now, UpdatedAt = now });
        LogCreated(key, site.Name);
        return state.State;
    }

    public Task<Site?> Get() => Task.FromResult(state.RecordExists ? state.State : null);

    public async Task<Site> SetAllowedNetworks(string[] networks)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no site {this.GetPrimaryKey():D}.").ToException();
        }

        SitePolicy.Networks(networks).ThrowIfRefused();
        await state.WriteRow(state.State with { AllowedNetworks = networks, UpdatedAt = time.GetUtcNow().Stored() });
        return state.State;
    }

    public async Task<Site> SetRetention(int? detectionsDays, int? metricsDays)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no site {this.GetPrimaryKey():D}.").ToException();
        }

        SitePolicy.Retention(detectionsDays, metricsDays).ThrowIfRefused();
        await state.WriteRow(state.State with
        {
            DetectionsRetentionDays = detectionsDays,
            MetricsRetentionDays = metricsDays,
            UpdatedAt = time.GetUtcNow().Stored(),
        });
        return state.State;
    }

    public async Task<Site> SetMaintenanceWindows(MaintenanceWindow[] windows)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no site {this.GetPrimaryKey():D}.").ToException();
        }

        SitePolicy.Windows(windows).ThrowIfRefused();
        await state.WriteRow(state.State with { MaintenanceWindows = windows, UpdatedAt = time.GetUtcNow().Stored() });
        return state.State;
    }

    public async Task NoteDeployed(Guid modelId)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound("site_id", $"There is no site {this.GetPrimaryKey():D}.").ToException();
        }

        if (!state.State.DeployedModels.Contains(modelId))
        {
            await state.WriteRow(state.State with
            {
                DeployedModels = [.. state.State.DeployedModels, modelId],
                UpdatedAt = time.GetUtcNow().Stored(),
            });
        }
    }

    [LoggerMessage(LogLevel.Information, "Site {Site}: {Name} created")]
    private partial void LogCreated(Guid site, string name);
}
