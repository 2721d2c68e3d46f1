using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>How this worker reads cameras.</summary>
internal sealed class CameraOptions
{
    public const string Section = "Fleet:Cameras";

    /// <summary>Protocols that sources may use, for the address itself and for what it leads to, comma-separated.</summary>
    /// <value>Default: <c>file,http,https,rtsp,rtsps,rtmp,rtmps,srt,rtp,srtp,udp,tcp,tls</c>.</value>
    [Required]
    public string AllowedProtocols { get; set; } = string.Join(',', SourceUrlPolicy.DefaultProtocols);

    /// <summary><c>auto</c> (try what ffmpeg offers, once per process), <c>none</c>, or ffmpeg's own name (<c>cuda</c> …).</summary>
    /// <value>Default: <c>auto</c>.</value>
    [Required, RegularExpression("[a-z0-9_]+")]
    public string HardwareAcceleration { get; set; } = "auto";

    /// <summary>Folder with ffmpeg and ffprobe; empty looks them up in the PATH.</summary>
    /// <value>Default: empty.</value>
    public string FfmpegFolder { get; set; } = "";

    /// <summary>Longest a source may take from the first byte sent to its first frame, in seconds.</summary>
    /// <value>Default: 20 s.</value>
    [Range(0.5, 600)]
    public double ConnectTimeoutSeconds { get; set; } = 20;

    /// <summary>Shortest silence that counts as a stall, in seconds; slow cameras get twenty frame intervals if that is longer.</summary>
    /// <value>Default: 10 s.</value>
    [Range(0.5, 600)]
    public double StallTimeoutSeconds { get; set; } = 10;

    /// <summary>Wait before the first try after a loss, in seconds; doubles with every failed try.</summary>
    /// <value>Default: 1 s.</value>
    [Range(0.01, 60)]
    public double ReconnectMinimumSeconds { get; set; } = 1;

    /// <summary>Longest wait between tries, in seconds.</summary>
    /// <value>Default: 30 s.</value>
    [Range(0.01, 3600)]
    public double ReconnectMaximumSeconds { get; set; } = 30;

    /// <summary>Frames of one camera in flight per deployment while it is watched live.</summary>
    /// <value>Default: 4.</value>
    [Range(1, 64)]
    public int LiveCredits { get; set; } = 4;

    /// <summary>Frames of one camera in flight per deployment while it is read as fast as possible.</summary>
    /// <value>Default: 8.</value>
    [Range(1, 256)]
    public int RecordingCredits { get; set; } = 8;

    /// <summary>Frame buffers kept for reuse on this worker, in bytes.</summary>
    /// <value>Default: 268435456 (256 MiB).</value>
    [Range(0, long.MaxValue)]
    public long FramePoolBytes { get; set; } = 256L << 20;

    /// <summary>Frames per second at which pictures of a directory are shown where the camera takes every frame.</summary>
    /// <value>Default: 1.</value>
    [Range(0.01, 120)]
    public double PicturesPerSecond { get; set; } = 1;

    /// <summary>User that ffmpeg runs as where the worker is root; for decoders of a GPU one with their groups.</summary>
    /// <value>Default: <c>nobody</c>.</value>
    [Required]
    public string User { get; set; } = "nobody";

    /// <summary>Most memory of one ffmpeg, in bytes; 0 for no limit.</summary>
    /// <value>Default: 4294967296 (4 GiB).</value>
    [Range(0, long.MaxValue)]
    public long ProcessBytes { get; set; } = 4L << 30;

    /// <summary>
    /// Classes that are covered in pictures that leave the worker, comma-separated: <c>face</c>; <c>person:head</c> for the
    /// upper part of what is found.
    /// </summary>
    /// <value>Default: empty.</value>
    public string BlurredClasses { get; set; } = "";

    internal IReadOnlyList<string> Protocols =>
        AllowedProtocols.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal ChildRules ChildRules => new() { User = User, UserKey = $"{Section}:{nameof(User)}", MemoryBytes = ProcessBytes };

    internal string Ffmpeg => Path.Combine(FfmpegFolder, "ffmpeg");

    internal string Ffprobe => Path.Combine(FfmpegFolder, "ffprobe");
}
