using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.Grains.Tests.Cameras;

/// <summary>What is wanted of cameras, as the test says.</summary>
internal sealed class WantedPlans : ICameraPlanReader
{
    private volatile Func<IReadOnlyList<CameraPlan>> _plans = () => [];
    private volatile Exception? _failure;

    public void Want(params CameraPlan[] plans) => _plans = () => plans;

    /// <summary>Whatever follows at each reading.</summary>
    public void Want(Func<IReadOnlyList<CameraPlan>> plans) => _plans = plans;

    public void Break(Exception? failure) => _failure = failure;

    public Task<IReadOnlyList<CameraPlan>> ReadWantedAsync(CancellationToken cancellationToken) =>
        _failure is { } failure ? Task.FromException<IReadOnlyList<CameraPlan>>(failure) : Task.FromResult(_plans());

    public static CameraPlan PlanFor(int number, string revision = "1") => new()
    {
        Revision = revision,
        Camera = new() { Id = new Guid(number, 0, 0, new byte[8]), SiteId = Guid.NewGuid(), Name = $"camera {number}" },
    };
}
