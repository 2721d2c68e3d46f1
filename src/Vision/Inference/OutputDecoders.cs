namespace OrleansAiFleet.Vision.Inference;

/// <summary>Makes decoders.</summary>
public static class OutputDecoders
{
    /// <summary>A decoder for this model; one per model instance.</summary>
    public static IOutputDecoder Create(ModelProfile profile, ModelContract contract) =>
        throw new NotImplementedException();
}
