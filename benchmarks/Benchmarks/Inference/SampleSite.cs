using System.Diagnostics;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>The rendered construction site that comes with the project: its detector and its clip.</summary>
internal static class SampleSite
{
    /// <summary>Size of the clip's pictures.</summary>
    public const int Width = 640;

    /// <summary>Size of the clip's pictures.</summary>
    public const int Height = 360;

    public static string Model { get; } = PathOf("site-safety.onnx");

    public static string Clip { get; } = PathOf("construction-site.mp4");

    public static string[] Classes => File.ReadAllLines(PathOf("site-safety.labels.txt"));

    /// <summary>Pictures of the clip, one for each second; the caller releases them.</summary>
    /// <exception cref="InvalidOperationException">ffmpeg gave fewer.</exception>
    public static async Task<IReadOnlyList<VideoFrame>> ReadFramesAsync(int count, CancellationToken cancellationToken)
    {
        var pool = new FramePool(0);
        var start = new ProcessStartInfo(
            "ffmpeg", ["-v", "error", "-nostdin", "-i", Clip, "-vf", "fps=1", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
        {
            RedirectStandardOutput = true,
        };
        using var ffmpeg = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        using var pictures = new MemoryStream();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(pictures, cancellationToken);
        await ffmpeg.WaitForExitAsync(cancellationToken);
        var size = VideoFrame.SizeOf(Width, Height);
        if (ffmpeg.ExitCode != 0 || pictures.Length < (long)size * count)
        {
            throw new InvalidOperationException($"ffmpeg gave {pictures.Length / size} of {count} pictures of {Clip}.");
        }

        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var frame = pool.Rent(Width, Height);
                pictures.GetBuffer().AsMemory(i * size, size).CopyTo(frame.Data);
                return frame;
            }),
        ];
    }

    private static string PathOf(string file) => Path.Combine(RealData.RepositoryRoot, "samples", file);
}
