namespace OrleansAiFleet.Models;

/// <summary>One version of a model: a row of <c>ai_models</c>. Rows of one name are its versions.</summary>
/// <remarks>Property names are the column names in C# spelling; ids are never renumbered.</remarks>
[GenerateSerializer, Immutable, Alias("Fleet.AiModel")]
public sealed partial record AiModel
{
    /// <summary><c>id</c>.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    /// <summary><c>name</c>.</summary>
    [Id(1)]
    public string Name { get; init; } = "";

    /// <summary><c>model_type</c>.</summary>
    [Id(2)]
    public ModelType ModelType { get; init; }

    /// <summary><c>category</c>: Safety Compliance, Equipment Management, etc..</summary>
    [Id(3)]
    public string Category { get; init; } = "";
}
