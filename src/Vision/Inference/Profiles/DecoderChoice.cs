using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>Chooses the decoder: the owner's word, else the only one that the outputs, names and metadata leave.</summary>
internal static class DecoderChoice
{
    private static readonly string[] TasksWithoutDecoder = ["segment", "pose", "obb"];

    /// <summary>The head, or a fault that names what was expected or what is left to choose from.</summary>
    public static ProfileFault? Choose(
        ModelContract contract, ProfileOverrides overrides, ImageInput input, int? labels, out OutputHead head)
    {
        head = null!;
        if (contract.Metadata.GetValueOrDefault("task") is { } task && TasksWithoutDecoder.Contains(task))
        {
            return new ProfileFault(
                ProfileFault.File, $"The model's task is \"{task}\"; only detection and classification can be used.");
        }

        if (ProfileSpelling.Read("decoder", overrides.Decoder, default(DecoderKind), out var kind) is { } fault)
        {
            return fault;
        }

        var heads = overrides.Decoder is null
            ? Automatic(contract, input, labels)
            : ByLabels(HeadLayouts.Find(kind, contract, input.Size, labels), labels);
        if (heads.Count != 1)
        {
            return heads.Count > 1
                ? Ambiguous(contract, heads)
                : HeadExpectation.Unfit(contract, input, overrides.Decoder is null ? null : kind);
        }

        head = heads[0];
        return CheckTask(contract, head.Kind) ?? CheckSize(input, head.Kind);
    }

    private static ProfileFault? CheckTask(ModelContract contract, DecoderKind kind)
    {
        var contradicts = contract.Metadata.GetValueOrDefault("task") switch
        {
            "classify" => kind != DecoderKind.Classifier,
            "detect" => kind == DecoderKind.Classifier,
            _ => false,
        };
        return contradicts
            ? new ProfileFault(
                ProfileFault.Decoder,
                $"The file's metadata say that its task is \"{contract.Metadata["task"]}\", "
                + $"but the decoder is {ProfileSpelling.Spell(kind)}; use one for that task.")
            : null;
    }

    private static IReadOnlyList<OutputHead> Automatic(ModelContract contract, ImageInput input, int? labels)
    {
        // Heads of several outputs first: each of these outputs alone may look like another family's.
        foreach (var kind in new[] { DecoderKind.Yunet, DecoderKind.Ssd })
        {
            if (HeadLayouts.Find(kind, contract, input.Size, labels) is { Count: > 0 } several)
            {
                return ByLabels(several, labels);
            }
        }

        OutputHead[] fits =
        [
            .. new[] { DecoderKind.Yolov8, DecoderKind.Yolov5, DecoderKind.Yolox, DecoderKind.EndToEnd, DecoderKind.Classifier }
                .SelectMany(kind => HeadLayouts.Find(kind, contract, input.Size, labels))
                .Where(head => IsMeant(head, contract, input, labels)),
        ];
        return ByMetadata(ByAnchors(ByLabels(fits, labels), contract, input), contract);
    }

    private static bool IsMeant(OutputHead head, ModelContract contract, ImageInput input, int? labels) => head.Kind switch
    {
        // One row per box is another family's layout, unless the names fit no other.
        DecoderKind.Yolov8 => !head.RowMajor || (labels is not null && head.Classes == labels),
        // An axis that is not the picture's own batch counts objects, not pictures.
        DecoderKind.Classifier => contract.Outputs[head.Outputs[0]].Shape[0] == input.Batch,
        _ => true,
    };

    private static IReadOnlyList<OutputHead> ByLabels(IReadOnlyList<OutputHead> heads, int? labels)
    {
        OutputHead[] named = [.. heads.Where(head => head.Classes is null || head.Classes == labels)];
        return labels is not null && named.Length > 0 ? named : heads;
    }

    // The same layout: as many boxes as cells means YOLOX, anything else was decoded over anchors or one scale.
    private static IReadOnlyList<OutputHead> ByAnchors(
        IReadOnlyList<OutputHead> heads, ModelContract contract, ImageInput input)
    {
        var yolox = heads.Where(head => head.Kind == DecoderKind.Yolox)
            .Any(head => contract.Outputs[head.Outputs[0]].Shape[1] == input.Size.AnchorFree);
        return yolox ? [.. heads.Where(head => head.Kind != DecoderKind.Yolov5)] : heads;
    }

    private static IReadOnlyList<OutputHead> ByMetadata(IReadOnlyList<OutputHead> heads, ModelContract contract)
    {
        if (heads.Count < 2)
        {
            return heads;
        }

        if (contract.Metadata.GetValueOrDefault("end2end") is { } endToEnd)
        {
            var isEndToEnd = string.Equals(endToEnd, "true", StringComparison.OrdinalIgnoreCase);
            heads = [.. heads.Where(head => head.Kind == DecoderKind.EndToEnd == isEndToEnd)];
        }

        // Ultralytics' exports carry "stride"; none of them is a YOLOX.
        return contract.Metadata.ContainsKey("stride")
            ? [.. heads.Where(head => head.Kind != DecoderKind.Yolox)]
            : heads;
    }

    private static ProfileFault Ambiguous(ModelContract contract, IReadOnlyList<OutputHead> heads)
    {
        var kinds = heads.Select(head => ProfileSpelling.Spell(head.Kind)).Distinct().ToArray();
        var outputs = contract.Outputs.Describe();
        return new ProfileFault(
            ProfileFault.Decoder,
            kinds.Length > 1
                ? $"Outputs {outputs} can be read as {string.Join(" or ", kinds)}; set the decoder to the right one."
                : $"Outputs {outputs} hold {heads.Count} heads that {kinds[0]} can read; export the model with one.");
    }

    // Grids of an open input must divide: a size that they do not divide fails inside the model, far from its cause.
    private static ProfileFault? CheckSize(ImageInput input, DecoderKind kind)
    {
        const int Coarsest = 32;
        var hasGrids = kind is DecoderKind.Yolov5 or DecoderKind.Yolov8 or DecoderKind.Yolox;
        if (!input.SizeIsOpen || !hasGrids)
        {
            return null;
        }

        var (name, side) = input.Size.Width % Coarsest != 0
            ? ("input_width", input.Size.Width)
            : ("input_height", input.Size.Height);
        return side % Coarsest == 0
            ? null
            : new ProfileFault($"configuration.{name}", $"{name} is {side}; this model's grids need a multiple of {Coarsest}.");
    }
}
