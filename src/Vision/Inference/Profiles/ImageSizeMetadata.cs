using System.Globalization;
using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Inference.Profiles;

/// <summary>Ultralytics' <c>imgsz</c>: <c>[height, width]</c> or one number for both.</summary>
internal static class ImageSizeMetadata
{
    /// <summary>The size, or null where it is not stated or cannot be read.</summary>
    public static InputSize? Read(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue("imgsz", out var text))
        {
            return null;
        }

        var parts = text.Trim().TrimStart('[', '(').TrimEnd(']', ')').Split(',', StringSplitOptions.TrimEntries);
        return (Side(parts[0]), Side(parts[^1])) switch
        {
            ({ } height, { } width) when parts.Length <= 2 => new InputSize(width, height),
            _ => null,
        };
    }

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) ? side : null;
}
