using System.Text.Json.Serialization;

namespace OrleansAiFleet.Evaluations;

/// <summary>Values of <c>model_evaluation_results.evaluation_type</c>. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.EvaluationType")]
public enum EvaluationType
{
    Validation = 0,
    Test = 1,
    Benchmark = 2,
    ProductionSample = 3,
    [JsonStringEnumMemberName("a_b_test")]
    ABTest = 4,
    StressTest = 5,
}
