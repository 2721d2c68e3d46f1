using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>A subscription with the rules that its model's configuration has for objects, made once for all frames.</summary>
internal sealed class LaneSettings(CameraSubscription subscription)
{
    private readonly ObjectRules _rules = ProfileMapping.ToRules(subscription.Model);

    public CameraSubscription Subscription => subscription;

    /// <summary>
    /// The rules for what a model found: those of now where it is the wanted version, whatever configuration it was loaded with; its own
    /// while another version still serves.
    /// </summary>
    public ObjectRules RulesFor(ServingModel serving) =>
        serving.Model.ModelId == subscription.Model.ModelId ? _rules : serving.Rules;
}
