using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Grains.Tests.Inference;

/// <summary>Two control silos that ask one gate.</summary>
public sealed class InferenceGateGrainTests : IAsyncLifetime
{
    private static readonly InferenceLimits Limits = new(2, 3, TimeSpan.FromSeconds(30));

    private ControlCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ControlCluster.StartAsync(control: 2);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Limits_hold_over_all_silos_and_places_end_by_the_clock()
    {
        var gate = _cluster.Grains.GetGrain<IInferenceGateGrain>(Guid.NewGuid());
        var calls = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gate.Enter(Guid.NewGuid(), Limits)));
        Assert.Equal(2, calls.Count(call => call.Verdict == AdmissionVerdict.Admitted));
        Assert.Equal(8, calls.Count(call => call.Verdict == AdmissionVerdict.TooManyAtOnce));

        _cluster.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(AdmissionVerdict.Admitted, (await gate.Enter(Guid.NewGuid(), Limits)).Verdict);
    }

    [Fact]
    public async Task Gate_says_who_is_in_and_when_somebody_last_came_or_left()
    {
        var (call, gate) = (Guid.NewGuid(), _cluster.Grains.GetGrain<IInferenceGateGrain>(Guid.NewGuid()));
        Assert.Equal(new(0, null), await gate.GetActivity());

        await gate.Enter(call, Limits);
        await gate.Enter(Guid.NewGuid(), Limits);
        Assert.Equal(new(2, ControlCluster.Start), await gate.GetActivity());

        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        await gate.Leave(call);
        _cluster.Clock.Advance(TimeSpan.FromSeconds(26));
        Assert.Equal(new(0, ControlCluster.Start.AddSeconds(5)), await gate.GetActivity());
    }

    [Fact]
    public async Task Deployments_have_a_gate_each()
    {
        var call = Guid.NewGuid();
        var one = _cluster.Grains.GetGrain<IInferenceGateGrain>(Guid.NewGuid());
        var other = _cluster.Grains.GetGrain<IInferenceGateGrain>(Guid.NewGuid());
        await one.Enter(call, Limits);
        await one.Enter(Guid.NewGuid(), Limits);

        Assert.Equal(AdmissionVerdict.TooManyAtOnce, (await one.Enter(Guid.NewGuid(), Limits)).Verdict);
        Assert.Equal(AdmissionVerdict.Admitted, (await other.Enter(Guid.NewGuid(), Limits)).Verdict);

        await one.Leave(call);
        Assert.Equal(AdmissionVerdict.Admitted, (await one.Enter(Guid.NewGuid(), Limits)).Verdict);
    }
}
