using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Sites;

/// <summary>Owns one row of <c>maintenance_modes</c>. Whoever waits for it reads the rows.</summary>
[GrainType("maintenance")]
internal sealed partial class MaintenanceGrain(
    [PersistentState(StateNames.MaintenanceMode, StateNames.Provider)] IPersistentState<MaintenanceMode> state,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<MaintenanceGrain> logger) : Grain, IMaintenanceGrain
{
    private const int LongestReason = 500;

    private Guid Id => this.GetPrimaryKey();

    public async Task<MaintenanceMode> Enable(string reason, DateTimeOffset? endsAt, Guid? by)
    {
        var now = time.GetUtcNow().Stored();
        Refusal.First(
            Field.Required("reason", reason, LongestReason),
            endsAt <= now ? Refusal.Invalid("ends_at", $"ends_at {endsAt:O} is over.") : null).ThrowIfRefused();
        await RequireSite();
        var before = await Get();
        var isOn = before.HoldsAt(now);
        var wanted = before with
        {
            Id = Id, IsEnabled = true, Reason = reason.Trim(), EndsAt = endsAt.Stored(), Since = isOn ? before.Since : now,
        };
        return wanted == before ? before : await Write("maintenance.enable", wanted with { SetBy = by, UpdatedAt = now });
    }

    public async Task<MaintenanceMode> Disable(Guid? by)
    {
        await RequireSite();
        var before = await Get();
        return before.IsEnabled
            ? await Write("maintenance.disable", before with { IsEnabled = false, EndsAt = null, SetBy = by, UpdatedAt = time.GetUtcNow().Stored() })
            : before;
    }

    public Task<MaintenanceMode> Get() => Task.FromResult(state.RecordExists ? state.State : new() { Id = Id });

    private async Task RequireSite()
    {
        if (Id != MaintenanceMode.WholeFleet && await GrainFactory.GetGrain<ISiteGrain>(Id).Get() is null)
        {
            throw Refusal.NotFound("site_id", $"There is no site {Id:D}.").ToException();
        }
    }

    private async Task<MaintenanceMode> Write(string action, MaintenanceMode mode)
    {
        using (AuditAction.Named(action))
        {
            await state.WriteRow(mode);
        }

        LogSet(Id, mode.IsEnabled, mode.Reason);
        return mode;
    }

    [LoggerMessage(LogLevel.Information, "Maintenance of {Place}: {IsEnabled}. {Reason}")]
    private partial void LogSet(Guid place, bool isEnabled, string reason);
}
