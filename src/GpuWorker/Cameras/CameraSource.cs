using OrleansAiFleet.Cameras;
using OrleansAiFleet.Vision.Cameras;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>A camera's source, taken apart into what one run of ffmpeg can play at a time.</summary>
/// <param name="Segments">In the order they are played; at least one.</param>
/// <param name="IsPath">Lies on this worker: it has an end, and no other pace than the one it is read at.</param>
internal sealed record CameraSource(IReadOnlyList<MediaSegment> Segments, bool IsPath)
{
    private const int PicturesPerSegment = 1000;

    private static readonly string[] PictureExtensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp"];

    private static readonly string[] ClipExtensions =
    [
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".flv", ".wmv", ".gif",
        ".mjpg", ".mjpeg", ".h264", ".264", ".h265", ".265", ".hevc",
    ];

    /// <summary>Finds what a camera's address leads to.</summary>
    /// <exception cref="SourceException">The address is refused, or nothing playable is there.</exception>
    public static CameraSource Open(Camera camera, CameraOptions options)
    {
        var url = SourceUrlPolicy.Parse(camera.SourceUrl, options.Protocols);
        if (url.Refusal is { } refusal)
        {
            throw new SourceException(refusal);
        }

        if (url.Kind != SourceKind.Path)
        {
            return new([Remote(url, camera)], IsPath: false);
        }

        var pictureSeconds = 1 / (camera.SamplingFps > 0 ? camera.SamplingFps : options.PicturesPerSecond);
        if (File.Exists(url.Address))
        {
            return new([.. Grouped([url.Address], pictureSeconds)], IsPath: true);
        }

        return Directory.Exists(url.Address)
            ? new(InDirectory(url.Address, pictureSeconds), IsPath: true)
            : throw new SourceException($"There is no file or directory {url.Address} on this worker.");
    }

    private static MediaSegment Remote(SourceUrl url, Camera camera)
    {
        var stored = SourceSecret.Parse(camera.SourceCredentials);
        return new()
        {
            Kind = url.Kind,
            Scheme = url.Scheme,
            Addresses = [url.Address],
            Secret = new(stored.User ?? url.Secret.User, stored.Query ?? url.Secret.Query),
        };
    }

    private static List<MediaSegment> InDirectory(string directory, double pictureSeconds)
    {
        try
        {
            var files = Directory.EnumerateFiles(directory)
                .Where(file => !Path.GetFileName(file).StartsWith('.') && (IsPicture(file) || IsClip(file)))
                .Order(StringComparer.Ordinal);
            var segments = Grouped(files, pictureSeconds).ToList();
            return segments.Count > 0
                ? segments
                : throw new SourceException($"The directory {directory} has no pictures or clips in it.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"The directory {directory} cannot be read: {problem.Message}", problem);
        }
    }

    // Neighbouring pictures of one kind and size go to one run: starting ffmpeg costs more than a picture does.
    private static IEnumerable<MediaSegment> Grouped(IEnumerable<string> files, double pictureSeconds)
    {
        List<string> pictures = [];
        (string Extension, (int, int)? Size) kind = default;
        foreach (var file in files)
        {
            var here = (Path.GetExtension(file).ToLowerInvariant(), SizeOf(file));
            if (pictures.Count > 0 && (here != kind || here.Item2 is null || pictures.Count == PicturesPerSegment))
            {
                yield return Pictures(pictures, kind.Size, pictureSeconds);
                pictures = [];
            }

            if (IsPicture(file))
            {
                kind = here;
                pictures.Add(file);
            }
            else
            {
                yield return new() { Kind = SourceKind.Path, Addresses = [file] };
            }
        }

        if (pictures.Count > 0)
        {
            yield return Pictures(pictures, kind.Size, pictureSeconds);
        }
    }

    private static MediaSegment Pictures(List<string> files, (int, int)? size, double seconds) =>
        new() { Kind = SourceKind.Path, Addresses = files, Size = size, PictureSeconds = seconds };

    private static (int, int)? SizeOf(string file)
    {
        if (!IsPicture(file))
        {
            return null;
        }

        using var codec = SKCodec.Create(file);
        return codec is null ? null : (codec.Info.Width, codec.Info.Height);
    }

    private static bool IsPicture(string file) => PictureExtensions.Contains(Path.GetExtension(file).ToLowerInvariant());

    private static bool IsClip(string file) => ClipExtensions.Contains(Path.GetExtension(file).ToLowerInvariant());
}
