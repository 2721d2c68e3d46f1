namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>The owner's limits on which objects count.</summary>
internal static class SelectionLimits
{
    private const int MostDetections = 1000;

    /// <summary>A fault where a limit is out of its range.</summary>
    public static ProfileFault? Check(ProfileOverrides overrides, int classes) =>
        CheckShare("nms_iou", overrides.NmsIou)
        ?? CheckShare("confidence_threshold", overrides.ConfidenceThreshold)
        ?? CheckWhole("max_detections", overrides.MaxDetections, 1, MostDetections)
        ?? CheckWhole("background_class", overrides.BackgroundClass, -1, classes - 1);

    /// <summary>The profile with the owner's limits where there are any.</summary>
    public static ModelProfile Apply(ProfileOverrides overrides, ModelProfile profile) => profile with
    {
        NmsIou = (float)(overrides.NmsIou ?? profile.NmsIou),
        ConfidenceThreshold = (float)(overrides.ConfidenceThreshold ?? profile.ConfidenceThreshold),
        MaxDetections = overrides.MaxDetections ?? profile.MaxDetections,
    };

    private static ProfileFault? CheckShare(string name, double? value) =>
        value is null or (>= 0 and <= 1)
            ? null
            : new ProfileFault($"configuration.{name}", $"{name} is {value}; give a number from 0 to 1.");

    private static ProfileFault? CheckWhole(string name, int? value, int least, int most) =>
        value is null || (value >= least && value <= most)
            ? null
            : new ProfileFault($"configuration.{name}", $"{name} is {value}; give a whole number from {least} to {most}.");
}
