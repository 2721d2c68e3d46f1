using Orleans.Services;

namespace OrleansAiFleet.Inference;

/// <summary>Calls the inference service of a given worker.</summary>
public interface IInferenceServiceClient : IGrainServiceClient<IInferenceService>
{
    /// <summary>The service on this silo. A silo that is no worker answers with <c>OrleansMessageRejectionException</c>.</summary>
    IInferenceService On(SiloAddress silo);
}
