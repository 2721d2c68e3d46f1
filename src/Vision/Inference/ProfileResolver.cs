using OrleansAiFleet.Vision.Inference.Decoders;
using OrleansAiFleet.Vision.Inference.Profiles;

namespace OrleansAiFleet.Vision.Inference;

/// <summary>Finds out how a model is to be used: from its contract, its metadata, and what its owner says.</summary>
public static class ProfileResolver
{
    /// <summary>Resolves every open point, or says which field is at fault.</summary>
    public static ProfileResolution Resolve(ModelContract contract, ProfileOverrides overrides)
    {
        if (ImageInput.Read(contract, overrides, out var input) is { } inputFault)
        {
            return inputFault.ToResolution();
        }

        if (GivenLabels.Read(contract, overrides, out var labels) is { } labelFault)
        {
            return labelFault.ToResolution();
        }

        if (DecoderChoice.Choose(contract, overrides, input, labels?.Names.Count, out var head) is { } decoderFault)
        {
            return decoderFault.ToResolution();
        }

        if (Preprocessing.Read(overrides, input, head.Kind, out var spec) is { } specFault)
        {
            return specFault.ToResolution();
        }

        return Complete(contract, overrides, input, head, labels, spec);
    }

    private static ProfileResolution Complete(
        ModelContract contract, ProfileOverrides overrides, ImageInput input, OutputHead head, GivenLabels? labels, InputSpec spec)
    {
        if (ClassNames.Match(head, overrides.BackgroundClass, labels, overrides.UsualClasses, out var classes) is { } classFault)
        {
            return classFault.ToResolution();
        }

        if (SelectionLimits.Check(overrides, classes.Names.Count) is { } limitFault)
        {
            return limitFault.ToResolution();
        }

        var profile = new ModelProfile
        {
            Input = spec,
            Decoder = head.Kind,
            Classes = classes.Names,
            BackgroundClass = ClassNames.Background(head, overrides.BackgroundClass),
        };
        return new ProfileResolution(SelectionLimits.Apply(overrides, profile), null, null)
        {
            ClassNamesKnown = classes.AreKnown,
            Notes = ProfileNotes.Of(contract, overrides, input, profile, classes),
        };
    }
}

/// <summary>What the owner says; null means "find out". Text values are the configuration file's spellings.</summary>
public sealed record ProfileOverrides
{
    public string? Decoder { get; init; }

    public int? InputWidth { get; init; }

    public int? InputHeight { get; init; }

    public string? ColorOrder { get; init; }

    public string? Resize { get; init; }

    public int? PadValue { get; init; }

    public IReadOnlyList<double>? Mean { get; init; }

    public IReadOnlyList<double>? Scale { get; init; }

    public double? NmsIou { get; init; }

    public double? ConfidenceThreshold { get; init; }

    public int? MaxDetections { get; init; }

    /// <summary>-1 says that no class means "nothing", also where the decoder's own default is one.</summary>
    public int? BackgroundClass { get; init; }

    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Names that models of this category usually have: used only where nobody gives any and their number fits.</summary>
    public IReadOnlyList<string>? UsualClasses { get; init; }
}

/// <summary>A complete profile, or the fault: field (<c>file</c>, <c>configuration.decoder</c>, <c>labels</c> …) and one sentence.</summary>
public sealed record ProfileResolution(ModelProfile? Profile, string? FaultField, string? FaultMessage)
{
    /// <summary>False where the classes are only numbered, because nobody names them.</summary>
    public bool ClassNamesKnown { get; init; }

    /// <summary>How each point of the profile was found out, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
