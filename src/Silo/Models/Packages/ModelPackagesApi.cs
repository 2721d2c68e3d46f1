using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Model versions as packages, from one fleet to another: docs/model-packages.md.</summary>
internal static class ModelPackagesApi
{
    private const string TarType = "application/x-tar";

    /// <summary>What a package has beside the model: manifest, documentation, pictures.</summary>
    private const long OverheadBytes = 64 << 20;

    public static IServiceCollection AddModelPackages(this IServiceCollection services)
    {
        services.AddOptions<ModelPackageOptions>().BindConfiguration(ModelPackageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PackageKeys>();
        services.AddSingleton<PackageExport>();
        services.AddSingleton<PackageImport>();
        return services;
    }

    public static IEndpointRouteBuilder MapModelPackages(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<ModelUploadOptions>>().Value;
        var group = routes.MapGroup("/api/admin/ai-models").WithTags("Models");
        group.MapGet("/{id:guid}/package", Export).WithName("ExportModel")
            .WithSummary("The version with its files as a signed package (tar) for another fleet; is recorded")
            .RequireAccess(AccessAction.DownloadModels).Produces<byte[]>(200, TarType).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapPost("/import", Import).WithName("ImportModel")
            .WithSummary("Registers a version from a package of this fleet or of one that it trusts, to be approved here")
            .RequireAccess(AccessAction.UploadModels).Accepts<byte[]>(TarType).WithMetadata(new UploadLimit(limits.MaxUploadBytes + OverheadBytes))
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(409).ProducesProblem(413).ProducesProblem(503);
        group.MapGet("/package-key", GetKey).WithName("GetPackageKey")
            .WithSummary("The key by which this fleet signs packages; others name it in Fleet:Models:TrustedPublishers")
            .RequireAccess(AccessAction.ReadModels);
        return routes;
    }

    private static async Task<IResult> Export(
        Guid id, CurrentAccess access, IGrainFactory grains, PackageExport export, IAuditTrail trail, CancellationToken cancellationToken)
    {
        var model = await grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id);
        var manifest = await export.DescribeAsync(model, access.Caller.Name, cancellationToken);
        var answer = export.Send(manifest, model);
        await trail.AppendAsync(PackageRecords.Exported(model, manifest), cancellationToken);
        return answer;
    }

    private static async Task<Created<AiModel>> Import(
        [AsParameters] ImportPackage asked, HttpRequest request, CurrentAccess access, PackageImport import, CancellationToken cancellationToken)
    {
        var model = await import.ImportAsync(request.Body, asked, access.UserId, cancellationToken);
        return TypedResults.Created($"/api/admin/ai-models/{model.Id}", model);
    }

    private static Ok<PackageKey> GetKey(PackageKeys keys) =>
        TypedResults.Ok(new PackageKey(keys.KeyId, PackageSignature.EcdsaP256Sha256, keys.PublicKey));
}

/// <summary>The key of a fleet's packages.</summary>
/// <param name="KeyId">Its fingerprint: SHA-256 of <paramref name="PublicKey"/>, hexadecimal.</param>
/// <param name="Algorithm">What signatures are made by.</param>
/// <param name="PublicKey">As SubjectPublicKeyInfo, in base64.</param>
public sealed record PackageKey(string KeyId, string Algorithm, byte[] PublicKey);
