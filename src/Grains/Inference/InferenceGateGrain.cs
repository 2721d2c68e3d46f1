using Microsoft.Extensions.DependencyInjection;

namespace OrleansAiFleet.Inference;

/// <summary>Keeps the book of one deployment's calls from outside, in memory. Asks nobody; control silos ask it.</summary>
[GrainType("inference-gate")]
internal sealed class InferenceGateGrain([FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, IInferenceGateGrain
{
    private readonly AdmissionBook _book = new();
    private DateTimeOffset? _lastAt;

    public Task<InferenceAdmission> Enter(Guid call, InferenceLimits limits)
    {
        // The book must outlive the longest call that stands in it.
        DelayDeactivation(limits.PlaceFor);
        var now = time.GetUtcNow();
        _lastAt = now;
        return Task.FromResult(_book.Enter(call, limits, now));
    }

    public Task Leave(Guid call)
    {
        _book.Leave(call);
        _lastAt = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public Task<InferenceActivity> GetActivity() => Task.FromResult(new InferenceActivity(_book.CountAt(time.GetUtcNow()), _lastAt));
}
