using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Has a worker find out what a model file is, and try it on its category's known-positive picture.</summary>
internal sealed class ModelValidation(IGrainFactory grains, IModelFiles files, IModelReader rows)
{
    /// <summary>What a registered version is with another configuration.</summary>
    /// <exception cref="FleetRefusedException">It cannot be used so.</exception>
    public async Task<ModelInspection> InspectAsync(AiModel model, ModelConfiguration configuration, CancellationToken cancellationToken) =>
        await InspectAsync(
            await rows.DemandCategoryAsync(model.Category, cancellationToken), model.ModelFilePath, configuration, model.OutputClasses, cancellationToken);

    /// <summary>What a stored file is.</summary>
    /// <param name="category">Its category: brings a picture and usual class names.</param>
    /// <param name="path">Key of the file in the store.</param>
    /// <param name="configuration">What its owner says of it.</param>
    /// <param name="classes">Class names by its owner, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FleetRefusedException">It cannot be used; the field at fault is named.</exception>
    public async Task<ModelInspection> InspectAsync(
        ModelCategory category, string path, ModelConfiguration configuration, string[]? classes, CancellationToken cancellationToken)
    {
        var inspection = await grains.OnWorker<IModelInspectionGrain>(0).Inspect(
            new()
            {
                FilePath = path,
                Configuration = configuration,
                Classes = classes,
                UsualClasses = category.DefaultClasses.Length > 0 ? category.DefaultClasses : null,
                Pictures = await ReadPictureAsync(category, cancellationToken),
            },
            cancellationToken);
        return inspection.Fault is { } fault
            ? throw new FleetRefusedException(RefusalKind.Invalid, fault.Field, fault.Message)
            : inspection with { Configuration = inspection.Configuration with { Postprocessing = configuration.Postprocessing } };
    }

    private async Task<GoldenPicture[]> ReadPictureAsync(ModelCategory category, CancellationToken cancellationToken)
    {
        if (category.KnownPositiveFilePath is not { } path)
        {
            return [];
        }

        await using var stored = await files.OpenReadAsync(path, cancellationToken);
        using var content = new MemoryStream();
        await stored.CopyToAsync(content, cancellationToken);
        return
        [
            new()
            {
                Name = $"{category.Name}, known positive",
                Content = content.ToArray(),
                Kind = GoldenPictureKind.KnownPositive,
                ExpectedClasses = category.KnownPositiveClasses,
                LeastConfidence = (double)category.KnownPositiveConfidence,
            },
        ];
    }
}
