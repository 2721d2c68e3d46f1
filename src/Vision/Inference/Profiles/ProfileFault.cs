namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>What stands in the way of using a model: the field at fault and one sentence on what to do.</summary>
internal sealed record ProfileFault(string Field, string Message)
{
    public const string File = "file";
    public const string Labels = "labels";
    public const string Decoder = "configuration.decoder";

    public ProfileResolution ToResolution() => new(Profile: null, Field, Message);
}
