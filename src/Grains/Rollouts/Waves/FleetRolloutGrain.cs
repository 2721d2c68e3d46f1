using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>
/// Owns one row of <c>fleet_rollouts</c> with those of its sites. What a site is to do is stored before it is done, under an id that was
/// chosen before; how a site does is read from its rollout or deployment, of all sites at once.
/// </summary>
[GrainType("fleet-rollout")]
internal sealed partial class FleetRolloutGrain(
    [PersistentState(StateNames.FleetRollout, StateNames.Provider)] IPersistentState<FleetRolloutState> state,
    IFleetRolloutReader reader,
    IRolloutReader rollouts,
    IModelUseReader uses,
    MaintenanceWatch maintenance,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<FleetRolloutGrain> logger) : Grain, IFleetRolloutGrain
{
    // Each is a few calls and rows; more at a time only wait for each other at the database.
    private const int MostMoves = 16;

    // One look begins the next sites as soon as some are settled, but leaves time for whoever tells it something.
    private const int MostRounds = 50;
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    private Dictionary<Guid, string> _refused = [];

    private Guid Id => this.GetPrimaryKey();

    private FleetRollout Row => state.State.Row;

    private FleetRolloutReport Report => new()
    {
        Rollout = Row, Waves = WaveCounts.Of(state.State.Sites), RowVersion = state.Etag ?? "",
    };

    public async Task<FleetRolloutEstimate> Estimate(FleetRolloutWish wish)
    {
        var now = time.GetUtcNow().Stored();
        var (complete, sites, refusals) = await Plan(wish, now);
        return WaveEstimate.Of(complete, sites, refusals, now);
    }

    public async Task<FleetRolloutReport> Begin(FleetRolloutWish wish)
    {
        if (state.RecordExists)
        {
            return Row.ModelId == wish.ModelId && Row.Name == wish.Name.Trim() && Row.CreatedBy == wish.CreatedBy
                ? Report
                : throw Refusal.Conflict("id", $"Fleet rollout {Id:D} is another one already.").ToException();
        }

        var now = time.GetUtcNow().Stored();
        var (complete, sites, refusals) = await Plan(wish, now);
        SitePolicyOf(wish, sites, refusals).ThrowIfRefused();
        await state.WriteRow(FleetRolloutPolicy.Begin(complete, sites, refusals.Count, now));
        LogBegun(Id, Row.Name, wish.ModelId, sites.Count, Row.Waves.Length);
        return Report;
    }

    public Task<FleetRolloutReport?> Get() => Task.FromResult(state.RecordExists ? Report : null);

    public async Task<FleetRolloutReport> Tell(FleetRolloutOrder order)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no fleet rollout {Id:D}.").ToException();
        }

        if (order.IfMatch is not null && !order.IfMatch.Contains(state.Etag ?? ""))
        {
            throw new RowConflictException(order.IfMatch, state.Etag ?? "", JsonText.From(Row));
        }

        var now = time.GetUtcNow().Stored();
        var why = string.IsNullOrWhiteSpace(order.Why) ? $"Told to: {order.Command}." : order.Why.Trim();
        var next = WaveMachine.Take(new(Row.Progress, state.State.Sites), WaveSettings.Of(Row), order, why, now);
        using (AuditAction.Named($"fleet_rollouts.{order.Command}"))
        {
            await Store(next, order, why, now);
        }

        return Report;
    }

    public async Task Look()
    {
        if (!state.RecordExists || Row.IsSettled)
        {
            DeactivateOnIdle();
            return;
        }

        var begun = time.GetTimestamp();
        var closed = await ReadClosed();
        for (var round = 0; round < MostRounds && time.GetElapsedTime(begun) < LongestLook; round++)
        {
            if (!await LookOnce(closed))
            {
                return;
            }
        }
    }

    // Whether something followed, so that more may follow at once.
    private async Task<bool> LookOnce(IReadOnlySet<Guid> closed)
    {
        var now = time.GetUtcNow().Stored();
        var seen = state.State.Sites.Any(site => WaveTransitions.IsUnderWay(site.State))
            ? await reader.ReadTargetsAsync(Id, CancellationToken.None)
            : [];
        var before = new WaveState(Row.Progress, state.State.Sites);
        var next = WaveMachine.Look(before, WaveSettings.Of(Row), new(seen.ToDictionary(each => each.Id), _refused, closed), now);
        if (!ReferenceEquals(next, before))
        {
            await Store(next, null, next.Progress.Reason, now);
        }

        await Move();
        return !ReferenceEquals(next, before);
    }

    private async Task Move()
    {
        _refused = [];
        if (Row.IsSettled)
        {
            return;
        }

        var wanted = Row.Progress.Phase == FleetRolloutPhase.Returning ? FleetSiteState.Returning : FleetSiteState.Starting;
        var mover = new SiteMover(GrainFactory, rollouts, Row);
        using var places = new SemaphoreSlim(MostMoves);
        await Task.WhenAll(state.State.Sites.Where(site => site.State == wanted).Select(site => Move(mover, site, places)));
    }

    private async Task Move(SiteMover mover, FleetRolloutSite site, SemaphoreSlim places)
    {
        await places.WaitAsync();
        try
        {
            await mover.MoveAsync(site);
        }
        catch (FleetRefusedException refused) when (refused.Kind != RefusalKind.Unavailable)
        {
            _refused[site.Id] = refused.Message;
        }
        catch (Exception failure)
        {
            // Its state stays: it is tried again at the next look, by whatever silo.
            LogNotMoved(failure, Id, site.SiteId);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task Store(WaveState next, FleetRolloutOrder? order, string why, DateTimeOffset now)
    {
        var before = Row.Progress;
        await state.WriteRow(FleetRolloutPolicy.Advance(state.State, next, order, why, now));
        if (before != next.Progress)
        {
            LogTaken(Id, next.Progress.Phase, next.Progress.Wave + 1, why);
        }
    }

    private async Task<IReadOnlySet<Guid>> ReadClosed()
    {
        Guid[] waiting = Row.Progress.Phase == FleetRolloutPhase.Moving
            ? [.. state.State.Sites.Where(site => site.Wave == Row.Progress.Wave && site.State == FleetSiteState.Waiting).Select(site => site.SiteId)]
            : [];
        if (waiting.Length == 0)
        {
            return new HashSet<Guid>();
        }

        var modes = await maintenance.ReadAsync();
        var worked = waiting.Where(site => modes.ContainsKey(MaintenanceMode.WholeFleet) || modes.ContainsKey(site));
        if (!Row.OnlyInWindows)
        {
            return worked.ToHashSet();
        }

        var now = time.GetUtcNow();
        var hours = await reader.ReadHoursAsync(waiting, CancellationToken.None);
        var open = hours.Where(site => MaintenanceWindows.IsOpen(site.Windows, site.TimeZone, now)).Select(site => site.SiteId);
        return waiting.Except(open).Union(worked).ToHashSet();
    }

    private async Task<(FleetRolloutWish Wish, IReadOnlyList<PlannedSite> Sites, IReadOnlyList<SiteRefusal> Refusals)> Plan(
        FleetRolloutWish wish, DateTimeOffset now)
    {
        FleetRolloutPolicy.Judge(Id, wish).ThrowIfRefused();
        var model = await GrainFactory.GetGrain<IModelGrain>(wish.ModelId).Get()
            ?? throw Refusal.NotFound("model_id", $"There is no model {wish.ModelId:D}.").ToException();
        var complete = FleetRolloutPolicy.Complete(wish, model);
        FleetRolloutPolicy.JudgeTemplate(complete).ThrowIfRefused();
        var found = await reader.ReadSitesAsync(
            model.Name, SiteLists.Asked(wish), wish.Filter, wish.Template.CameraNameContains, CancellationToken.None);
        var facts = SiteLists.Order(wish, found, out var refusal);
        refusal.ThrowIfRefused();
        var seats = model.LicenseSeats is null ? 0 : await uses.CountSeatsAsync(model.Name, Guid.Empty, Guid.Empty, [], CancellationToken.None);
        var (sites, refusals) = SitePlanner.Plan(complete, model, facts, seats, now);
        return (complete, sites, refusals);
    }

    private static Refusal? SitePolicyOf(FleetRolloutWish wish, IReadOnlyList<PlannedSite> sites, IReadOnlyList<SiteRefusal> refusals) =>
        refusals is [var first, ..] && (!wish.LeavesOutRefused || sites.Count == 0)
            ? Refusal.Conflict(
                "site_ids",
                $"{refusals.Count} of {refusals.Count + sites.Count} sites cannot get the version, the first is '{first.Name}': {first.Reason} "
                + "An estimate names all; leaves_out_refused leaves them out.")
            : null;

    [LoggerMessage(LogLevel.Information, "Fleet rollout {FleetRollout} '{Name}': model {Model} to {Sites} sites in {Waves} waves begins")]
    private partial void LogBegun(Guid fleetRollout, string name, Guid model, int sites, int waves);

    [LoggerMessage(LogLevel.Information, "Fleet rollout {FleetRollout}: {Phase}, wave {Wave}. {Reason}")]
    private partial void LogTaken(Guid fleetRollout, FleetRolloutPhase phase, int wave, string reason);

    [LoggerMessage(LogLevel.Warning, "Fleet rollout {FleetRollout}: site {Site} could not be moved; it is tried again in a moment")]
    private partial void LogNotMoved(Exception failure, Guid fleetRollout, Guid site);
}
