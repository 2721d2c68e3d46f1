namespace OrleansAiFleet.Models;

/// <summary>All a worker needs to fetch, check and load one model version.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelReference")]
public sealed record ModelReference
{
    [Id(0)]
    public required Guid ModelId { get; init; }

    /// <summary>Name and version as a person says them, for logs.</summary>
    [Id(1)]
    public required string DisplayName { get; init; }

    /// <summary>Key of the weights in the model file store (<c>ai_models.model_file_path</c>).</summary>
    [Id(2)]
    public required string FilePath { get; init; }

    /// <summary>Complete configuration as resolved at registration: nothing in it is null that the decoder needs.</summary>
    [Id(3)]
    public required ModelConfiguration Configuration { get; init; }

    /// <summary>Class names, index = class id.</summary>
    [Id(4)]
    public string[] Classes { get; init; } = [];

    /// <summary>What a registered version's row says.</summary>
    /// <exception cref="System.Text.Json.JsonException">Its configuration cannot be read.</exception>
    public static ModelReference Of(AiModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model, model.Configuration?.To<ModelConfiguration>() ?? new());
    }

    /// <summary>The same with a configuration that was read already.</summary>
    public static ModelReference Of(AiModel model, ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new()
        {
            ModelId = model.Id,
            DisplayName = $"{model.Name} {model.Version}",
            FilePath = model.ModelFilePath,
            Configuration = configuration,
            Classes = model.OutputClasses ?? [],
        };
    }
}
