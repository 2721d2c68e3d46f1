using Microsoft.Extensions.DependencyInjection;

namespace OrleansAiFleet.Inference;

/// <summary>Keeps the book of one deployment's calls from outside, in memory. Asks nobody; control silos ask it.</summary>
[GrainType("inference-gate")]
internal sealed class InferenceGateGrain([FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, IInferenceGateGrain
{
    private readonly AdmissionBook _book = new();

    public Task<InferenceAdmission> Enter(Guid call, InferenceLimits limits)
    {
        // The book must outlive the longest call that stands in it.
        DelayDeactivation(limits.PlaceFor);
        return Task.FromResult(_book.Enter(call, limits, time.GetUtcNow()));
    }

    public Task Leave(Guid call)
    {
        _book.Leave(call);
        return Task.CompletedTask;
    }
}
