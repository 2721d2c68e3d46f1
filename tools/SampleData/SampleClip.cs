using System.Diagnostics;
using System.Globalization;

using OrleansAiFleet.SampleData.Detections;
using OrleansAiFleet.SampleData.Scenes;

using SkiaSharp;

namespace OrleansAiFleet.SampleData;

/// <summary>Renders the sample clip and its truth.</summary>
internal static class SampleClip
{
    private const int Width = 640;
    private const int Height = 360;
    private const int FramesPerSecond = 15;
    private const int Seconds = 20;

    // Truth is kept for every third frame: five a second, the rate that a camera samples at by default.
    internal const int TruthEvery = 3;

    /// <summary>Writes <paramref name="clip"/> (H.264) and <paramref name="truth"/> (COCO; a picture's id is its frame number).</summary>
    /// <exception cref="InvalidOperationException">ffmpeg failed; the message has its words.</exception>
    public static async Task WriteAsync(string clip, string truth, int seed, CancellationToken cancellationToken)
    {
        using var ffmpeg = Start(clip);
        var errors = ffmpeg.StandardError.ReadToEndAsync(cancellationToken);
        using var scene = new ClipScene(seed, Width, Height, Seconds);
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888));
        var coco = new CocoBuilder();
        for (var frame = 0; frame < FramesPerSecond * Seconds; frame++)
        {
            var objects = scene.Paint(bitmap, (float)frame / FramesPerSecond);
            await ffmpeg.StandardInput.BaseStream.WriteAsync(bitmap.Bytes, cancellationToken);
            if (frame % TruthEvery == 0)
            {
                coco.Add(frame, string.Create(CultureInfo.InvariantCulture, $"frame-{frame:0000}"), Width, Height, objects);
            }
        }

        ffmpeg.StandardInput.Close();
        await ffmpeg.WaitForExitAsync(cancellationToken);
        if (ffmpeg.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg could not encode the clip: {await errors}");
        }

        await coco.WriteAsync(truth, cancellationToken);
    }

    private static Process Start(string clip)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardInput = true, RedirectStandardError = true };
        var arguments =
            $"-y -loglevel error -f rawvideo -pix_fmt rgba -video_size {Width}x{Height} -framerate {FramesPerSecond} -i pipe:0 "
            + "-vf noise=alls=4:allf=t,scale=out_color_matrix=bt601:out_range=tv -c:v libx264 -preset slow -crf 26 -pix_fmt yuv420p "
            + $"-colorspace bt470bg -color_range tv -g {FramesPerSecond * 2} -movflags +faststart -fflags +bitexact -flags:v +bitexact";
        foreach (var argument in arguments.Split(' '))
        {
            start.ArgumentList.Add(argument);
        }

        start.ArgumentList.Add(clip);
        return Process.Start(start)!;
    }
}
