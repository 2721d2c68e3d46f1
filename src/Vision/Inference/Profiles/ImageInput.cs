using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>
/// The one picture that a model takes. The size is open where the file leaves width or height to its owner or to its
/// metadata.
/// </summary>
internal sealed record ImageInput(
    TensorLayout Layout, int Channels, InputSize Size, bool SizeIsOpen, bool TakesBytes, int Batch)
{
    private const int LeastSide = 8;
    private const int MostSide = 4096;

    /// <summary>Reads the input, or says why it is none.</summary>
    public static ProfileFault? Read(ModelContract contract, ProfileOverrides overrides, out ImageInput input)
    {
        input = null!;
        if (FindFault(contract.Inputs) is { } unusable)
        {
            return unusable;
        }

        var tensor = contract.Inputs[0];
        var layout = IsChannels(tensor.Shape[1]) ? TensorLayout.Nchw : TensorLayout.Nhwc;
        var (channels, height, width) = layout == TensorLayout.Nchw
            ? (tensor.Shape[1], tensor.Shape[2], tensor.Shape[3])
            : (tensor.Shape[3], tensor.Shape[1], tensor.Shape[2]);
        var inputHeight = 0;
        var said = ImageSizeMetadata.Read(contract.Metadata);
        var fault = Side("input_width", width, overrides.InputWidth, said?.Width, out var inputWidth);
        fault ??= Side("input_height", height, overrides.InputHeight, said?.Height, out inputHeight);
        input = new ImageInput(
            layout,
            channels,
            new InputSize(inputWidth, inputHeight),
            SizeIsOpen: width < 0 || height < 0,
            TakesBytes: tensor.Type == TensorType.Byte,
            Batch: tensor.Shape[0]);
        return fault;
    }

    private static ProfileFault? FindFault(IReadOnlyList<TensorContract> inputs) => inputs switch
    {
        [{ Type: TensorType.Other } tensor] =>
            File($"Input {tensor.Name} is neither float32 nor uint8; export the model with one of these."),
        [{ Shape.Count: not 4 } tensor] =>
            File($"Input {tensor.Name} {tensor.Shape.Describe()} is no picture: it needs 4 axes."),
        [{ Shape: var shape } tensor] when !IsChannels(shape[1]) && !IsChannels(shape[3]) =>
            File($"Input {tensor.Name} {shape.Describe()} has no channel axis of 1 or 3, neither second nor last."),
        [{ Shape: [> 1, ..] } tensor] =>
            File($"Input {tensor.Name} {tensor.Shape.Describe()} has a fixed batch; export it with 1 or an open axis."),
        [_] => null,
        _ => File($"The model has {inputs.Count} inputs ({inputs.Describe()}); it must have exactly one, the picture."),
    };

    private static ProfileFault? Side(string name, int stated, int? owner, int? metadata, out int side)
    {
        side = stated > 0 ? stated : owner ?? metadata ?? 0;
        if (side == 0 && owner is null)
        {
            return new ProfileFault($"configuration.{name}", $"The model leaves {name} open; give it in pixels.");
        }

        if (side is < LeastSide or > MostSide)
        {
            return new ProfileFault(
                $"configuration.{name}", $"{name} is {side}; it must be from {LeastSide} to {MostSide} pixels.");
        }

        return owner is null || owner == side
            ? null
            : new ProfileFault($"configuration.{name}", $"{name} is {owner}, but the model fixes it to {side}.");
    }

    private static bool IsChannels(int axis) => axis is 1 or 3;

    private static ProfileFault File(string message) => new(ProfileFault.File, message);
}
