using System.Diagnostics;

namespace OrleansAiFleet.Benchmarks.Cluster;

/// <summary>Clips for the cluster benchmarks, made of the sample clip.</summary>
internal static class BenchClip
{
    /// <summary>Frames of the sample clip.</summary>
    public const int SampleFrames = 300;

    /// <summary>Writes the sample clip so many times in a row, to be played at this rate.</summary>
    public static async Task<string> MakeAsync(string folder, int times, int framesPerSecond, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $"bench-{times}-{framesPerSecond}.mp4");
        await RunAsync(
            [
                "-stream_loop", $"{times - 1}", "-i", Path.Combine(BenchFleet.Root, "samples", "construction-site.mp4"),
                "-vf", $"setpts=N/({framesPerSecond}*TB)", "-r", $"{framesPerSecond}",
                "-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-bf", "0", "-g", "30", path,
            ],
            cancellationToken);
        return path;
    }

    private static async Task RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-y", "-v", "error", .. arguments]))!;
        await ffmpeg.WaitForExitAsync(cancellationToken);
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException("ffmpeg could not write the benchmark's clip.");
        }
    }
}
