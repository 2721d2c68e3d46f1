namespace OrleansAiFleet.Inference;

/// <summary>Who goes first when instances are busy; lower goes first.</summary>
[GenerateSerializer, Alias("Fleet.InferencePriority")]
public enum InferencePriority
{
    Alarm = 0,
    Live = 1,
    Recording = 2,
    Evaluation = 3,
}
