namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>A file that somebody uses or waits for; one at a time fetches it.</summary>
internal sealed class ModelFilePlace
{
    public SemaphoreSlim Turn { get; } = new(1, 1);

    public int Pins { get; set; }

    /// <summary>On its way to the disk; never fails. Changed by whoever has the turn.</summary>
    public Task Keeping { get; set; } = Task.CompletedTask;
}
