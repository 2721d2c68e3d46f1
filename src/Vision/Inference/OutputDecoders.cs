using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Inference;

/// <summary>Makes decoders.</summary>
public static class OutputDecoders
{
    /// <summary>A decoder for this model; one per model instance.</summary>
    /// <exception cref="ArgumentException">The model's outputs are not what the profile's decoder reads.</exception>
    public static IOutputDecoder Create(ModelProfile profile, ModelContract contract)
    {
        var size = new InputSize(profile.Input.Width, profile.Input.Height);
        OutputHead[] heads =
        [
            .. HeadLayouts.Find(profile.Decoder, contract, size, profile.Classes.Count)
                .Where(head => head.Classes is null || head.Classes == profile.Classes.Count),
        ];
        if (heads.Length != 1)
        {
            throw new ArgumentException(
                $"Decoder {profile.Decoder} with {profile.Classes.Count} classes does not fit outputs "
                + $"{contract.Outputs.Describe()}.",
                nameof(contract));
        }

        return profile.Decoder switch
        {
            DecoderKind.Yolov5 => new Yolov5Decoder(profile, heads[0]),
            DecoderKind.Yolov8 => new Yolov8Decoder(profile, heads[0]),
            DecoderKind.EndToEnd => new EndToEndDecoder(profile, heads[0]),
            DecoderKind.Yolox => new YoloxDecoder(profile, heads[0]),
            DecoderKind.Ssd => new SsdDecoder(profile, heads[0]),
            DecoderKind.Yunet => new YunetDecoder(profile, heads[0]),
            DecoderKind.Classifier => new ClassifierDecoder(profile, heads[0]),
            _ => throw new ArgumentOutOfRangeException(nameof(profile), profile.Decoder, "Not a decoder."),
        };
    }
}
