using OrleansAiFleet.Detections;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Which of what models found is covered in every picture that leaves the worker.</summary>
internal sealed class PictureBlur
{
    private const string Head = ":head";

    // Of somebody who stands or bends, seen from wherever: heads end above this share of the box.
    private const float HeadShare = 0.3f;

    // A box may be of the frame before, and boxes are never quite right.
    private const float Margin = 0.25f;

    private readonly Dictionary<string, float> _shares;

    /// <param name="classes">Names of classes, comma-separated; <c>name:head</c> covers the upper part alone.</param>
    public PictureBlur(string classes) => _shares = Parse(classes).ToDictionary(one => one.Name, one => one.Share, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the text is what <see cref="CameraOptions.BlurredClasses"/> may be: no name twice, none empty.</summary>
    public static bool IsValid(string classes)
    {
        var names = Parse(classes).Select(one => one.Name).ToList();
        return names.All(name => name.Length > 0) && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count;
    }

    /// <summary>Covers what is to be covered in a picture of four bytes per pixel.</summary>
    public void Apply(Span<byte> rgba, int width, int height, IReadOnlyList<Detection> detections)
    {
        foreach (var detection in detections)
        {
            if (!_shares.TryGetValue(detection.ClassName, out var share))
            {
                continue;
            }

            var (w, h) = (detection.Width * width, detection.Height * height * share);
            var (x, y) = (detection.X * width, detection.Y * height);
            Mosaic.Cover(
                rgba,
                width,
                height,
                (int)MathF.Floor(x - (w * Margin)),
                (int)MathF.Floor(y - (h * Margin)),
                (int)MathF.Ceiling(x + (w * (1 + Margin))),
                (int)MathF.Ceiling(y + (h * (1 + Margin))));
        }
    }

    private static IEnumerable<(string Name, float Share)> Parse(string classes) =>
        classes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name =>
            name.EndsWith(Head, StringComparison.OrdinalIgnoreCase) ? (name[..^Head.Length].Trim(), HeadShare) : (name, 1f));
}
