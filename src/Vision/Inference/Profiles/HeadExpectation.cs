using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>Says what outputs a decoder reads, where a model has others.</summary>
internal static class HeadExpectation
{
    /// <summary>The fault: the owner's decoder does not fit, or none does.</summary>
    public static ProfileFault Unfit(ModelContract contract, ImageInput input, DecoderKind? kind)
    {
        var outputs = $"outputs {contract.Outputs.Describe()} at input {input.Size}";
        return kind is { } wanted
            ? new ProfileFault(
                ProfileFault.Decoder,
                $"Decoder {ProfileSpelling.Spell(wanted)} does not fit {outputs}: it reads {Expected(wanted, input.Size)}.")
            : new ProfileFault(
                ProfileFault.Decoder,
                $"No decoder fits {outputs}; export the model as one of {string.Join(", ", Enum.GetValues<DecoderKind>().Select(ProfileSpelling.Spell))}"
                + $" (a grid of 8, 16 and 32 pixels has {input.Size.AnchorFree} cells here).");
    }

    private static string Expected(DecoderKind kind, InputSize size) => kind switch
    {
        DecoderKind.Yolov5 => $"[batch, {3 * size.AnchorFree}, 5 + classes], or fewer scales",
        DecoderKind.Yolov8 => $"[batch, 4 + classes, {size.AnchorFree}]",
        DecoderKind.EndToEnd => "[batch, up to 1000, 6]",
        DecoderKind.Yolox => $"[batch, {size.AnchorFree}, 5 + classes]",
        DecoderKind.Ssd => "scores [batch, N, classes] and boxes [batch, N, 4]",
        DecoderKind.Yunet => "cls, obj and bbox with _8, _16 and _32 behind each name",
        _ => "[batch, classes]",
    };
}
