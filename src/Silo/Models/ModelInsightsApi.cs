using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Versions compared, what they use, and under which licence.</summary>
internal static class ModelInsightsApi
{
    /// <summary>Most versions of one comparison.</summary>
    private const int MostCompared = 50;

    public static IEndpointRouteBuilder MapModelInsights(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/ai-models").WithTags("Models");
        group.MapGet("/performance-comparison", Compare).WithName("CompareModels")
            .WithSummary("Versions side by side: specifications, latest evaluation, live figures of the caller's sites, and how each differs from the first")
            .RequireAccessToListed(AccessAction.ReadMetrics).ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/resource-utilization", Utilize).WithName("GetResourceUtilization")
            .WithSummary("What model versions use on the caller's sites, and what workers have")
            .RequireAccessToListed(AccessAction.ReadMetrics).ProducesProblem(400);
        group.MapGet("/license-usage", UseLicenses).WithName("GetLicenseUsage")
            .WithSummary("Which site runs what under which licence, since when, on how many cameras")
            .RequireAccessToListed(AccessAction.ReadDeployments);
        return routes;
    }

    private static async Task<Ok<ModelComparison>> Compare(
        [FromQuery(Name = "ids")] string ids,
        [AsParameters] TimelineRequest time,
        CurrentAccess access,
        IGrainFactory grains,
        IModelReader rows,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var wanted = ReadIds(ids);
        var (from, to) = time.Span(clock.GetUtcNow());
        var models = await Task.WhenAll(wanted.Select(id => grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id, "ids")));
        var evaluations = (await rows.ReadEvaluationsAsync(wanted, cancellationToken)).ToDictionary(result => result.ModelId);
        var live = (await rows.ReadLiveAsync(wanted, access.Rights.ScopeOf(AccessAction.ReadMetrics), from, to, cancellationToken))
            .ToDictionary(figures => figures.ModelId);
        return TypedResults.Ok(ModelComparer.Compare(
            [.. models.Select(model => new ModelFigures(model, evaluations.GetValueOrDefault(model.Id), live.GetValueOrDefault(model.Id)))], from, to));
    }

    private static async Task<Ok<ResourceUtilization>> Utilize(
        [AsParameters] TimelineRequest time,
        CurrentAccess access,
        IGrainFactory grains,
        IModelReader rows,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (from, to) = time.Span(clock.GetUtcNow());
        var scope = access.Rights.ScopeOf(AccessAction.ReadMetrics);
        var live = await rows.ReadLiveAsync(models: null, scope, from, to, cancellationToken);

        // What a whole worker has says something of sites that are not the caller's.
        var workers = access.Rights.ScopeOf(AccessAction.ReadFleet).Sites is null && access.Rights.Allows(AccessAction.ReadFleet)
            ? (await grains.GetGrain<ISystemHealthGrain>(0).Check(null, cancellationToken)).Workers
            : [];
        return TypedResults.Ok(new ResourceUtilization { From = from, To = to, Models = [.. live], Workers = workers });
    }

    private static async Task<Ok<LicenseUsage[]>> UseLicenses(
        CurrentAccess access, IModelReader rows, TimeProvider clock, [FromQuery(Name = "model_id")] Guid? modelId, CancellationToken cancellationToken) =>
        TypedResults.Ok(LicenseUsage.Of(
            await rows.ReadLicenseUsesAsync(modelId, access.Rights.ScopeOf(AccessAction.ReadDeployments), cancellationToken), clock.GetUtcNow()));

    private static Guid[] ReadIds(string text)
    {
        var ids = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var parsed = ids.Select(id => Guid.TryParse(id, out var guid) ? guid : Guid.Empty).Distinct().ToArray();
        return parsed.Length is >= 2 and <= MostCompared && !parsed.Contains(Guid.Empty)
            ? parsed
            : throw new FleetRefusedException(
                RefusalKind.Invalid,
                "ids",
                $"ids must be 2 to {MostCompared} ids of model versions with commas between; the first is what the others are compared with.");
    }
}
