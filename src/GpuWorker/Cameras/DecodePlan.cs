using System.Globalization;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>What ffmpeg is to make of its input, and the arguments that say so.</summary>
internal sealed record DecodePlan
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Frames a second that are delivered; 0 delivers every frame.</summary>
    public double SamplingFps { get; init; }

    /// <summary>Reads a file no faster than it plays.</summary>
    public bool RealTime { get; init; }

    /// <summary>Starts a file over at its end.</summary>
    public bool Loop { get; init; }

    /// <summary>The source has no time stamps of its own: frames are stamped as they arrive.</summary>
    public bool StampOnArrival { get; init; }

    /// <summary>ffmpeg's name of the hardware decoder, or null.</summary>
    public string? HardwareAcceleration { get; init; }

    /// <summary>Whether ffmpeg leaves frames out, and counts those it decoded.</summary>
    public bool Samples => SamplingFps > 0;

    /// <summary>ffmpeg's arguments: planar yuv420p frames of the plan's size, BT.601 limited range, on standard output.</summary>
    /// <remarks>
    /// Sampling takes the first frame of every 1/fps second of the source's own time. Unlike the <c>fps</c> filter it never
    /// shows a frame twice, so a slow or irregular source yields no frame that was not there. To know how many frames
    /// were left out, the decoded stream is split: a first output throws its frames away uncopied, and ffmpeg's progress
    /// counts that one. Its clock is fine enough for any source: in frames of the nominal rate, irregular ones would
    /// coincide, and ffmpeg would call that an error of the source.
    /// </remarks>
    public IReadOnlyList<string> Arguments(FfmpegInput input)
    {
        string[] quiet = ["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+warning", "-filter_threads", "1"];
        string[] decoder = ["-threads", "1", .. Optional(HardwareAcceleration is not null, "-hwaccel", HardwareAcceleration!)];
        string[] pace =
        [
            .. Optional(RealTime, "-re"),
            .. Optional(Loop, "-stream_loop", "-1"),
            .. Optional(StampOnArrival, "-use_wallclock_as_timestamps", "1"),
        ];
        string[] raw = ["-an", "-sn", "-dn", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1"];
        return [.. quiet, .. decoder, .. pace, .. input.Arguments, .. Picture(), .. raw];
    }

    private string[] Picture()
    {
        var scale = string.Create(
            CultureInfo.InvariantCulture,
            $"scale={Width}:{Height}:flags=bilinear:out_color_matrix=bt601:out_range=tv,format=yuv420p");
        if (!Samples)
        {
            return ["-map", "0:v:0", "-vf", scale];
        }

        var bucket = string.Create(CultureInfo.InvariantCulture, $"{SamplingFps:0.######}+0.001)");
        var select = $"select='isnan(prev_selected_t)+not(eq(floor(t*{bucket},floor(prev_selected_t*{bucket}))'";
        return
        [
            "-progress", "pipe:2", "-stats_period", "1", "-filter_complex_threads", "1",
            "-filter_complex", $"[0:v:0]split[counted][all];[all]{select},{scale}[taken]",
            "-map", "[counted]", "-c:v", "wrapped_avframe", "-enc_time_base", "1:90000", "-fps_mode", "passthrough", "-f", "null", "-",
            "-map", "[taken]",
        ];
    }

    private static string[] Optional(bool wanted, params string[] arguments) => wanted ? arguments : [];
}
