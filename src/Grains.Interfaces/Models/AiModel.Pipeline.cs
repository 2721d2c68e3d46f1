using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // The pipeline's own, beside the customer's columns

    /// <summary><c>configuration</c>: the <see cref="ModelConfiguration"/> as registration resolved it.</summary>
    [Id(100)]
    public JsonText? Configuration { get; init; }
}
