namespace OrleansAiFleet.Vision.Inference;

/// <summary>Finds out how a model is to be used: from its contract, its metadata, and what its owner says.</summary>
public static class ProfileResolver
{
    /// <summary>Resolves every open point, or says which field is at fault.</summary>
    public static ProfileResolution Resolve(ModelContract contract, ProfileOverrides overrides) =>
        throw new NotImplementedException();
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

    public int? BackgroundClass { get; init; }

    public IReadOnlyList<string>? Classes { get; init; }
}

/// <summary>A complete profile, or the fault: field (<c>file</c>, <c>configuration.decoder</c>, <c>labels</c> …) and one sentence.</summary>
public sealed record ProfileResolution(ModelProfile? Profile, string? FaultField, string? FaultMessage);
