using OrleansAiFleet.Trainer.Training;

namespace OrleansAiFleet.Trainer.Tests.Training;

/// <summary>Keeps what a training reports, and does something at each report.</summary>
internal sealed class Reports(Action? then = null) : IProgress<TrainingProgress>
{
    public List<TrainingProgress> Seen { get; } = [];

    public void Report(TrainingProgress value)
    {
        Seen.Add(value);
        then?.Invoke();
    }
}
