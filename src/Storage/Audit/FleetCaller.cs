using OrleansAiFleet.Audit;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>The fleet itself as a caller: what runs without anybody having asked for it.</summary>
/// <param name="silo">The silo of this process, where there is one.</param>
internal sealed class FleetCaller(ILocalSiloDetails? silo = null)
{
    public Caller Value { get; } = new() { Kind = CallerKind.Fleet, Name = silo?.Name ?? Environment.MachineName };
}
