using FFMpegCore;

using Microsoft.Extensions.Options;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Which of ffmpeg's hardware decoders works on this machine; tried once per process.</summary>
/// <remarks>That ffmpeg lists one says only that it was built with it, so each is opened for a trial.</remarks>
internal sealed partial class HardwareDecoder(IOptions<CameraOptions> options, ILogger<HardwareDecoder> logger)
{
    private static readonly string[] Candidates = ["cuda", "qsv", "vaapi", "videotoolbox", "d3d11va"];

    private static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task<string?>? _found;

    /// <summary>ffmpeg's name of it, or null where frames are decoded by the processor.</summary>
    public Task<string?> FindAsync()
    {
        lock (_gate)
        {
            return _found ??= options.Value.HardwareAcceleration switch
            {
                "none" => Task.FromResult<string?>(null),
                "auto" => Task.Run(() => TryAsync(Candidates)),
                var wanted => Task.Run(() => TryAsync([wanted])),
            };
        }
    }

    private async Task<string?> TryAsync(string[] candidates)
    {
        foreach (var candidate in candidates)
        {
            if (await OpensAsync(candidate))
            {
                LogFound(candidate);
                return candidate;
            }
        }

        LogNone(string.Join(", ", candidates));
        return null;
    }

    private async Task<bool> OpensAsync(string candidate)
    {
        using var limit = new CancellationTokenSource(TrialLimit);
        try
        {
            return await FFMpegArguments
                .FromFileInput("nullsrc=s=64x64:d=0.1", verifyExists: false, input => input
                    .WithCustomArgument($"-nostdin -init_hw_device {candidate}=trial")
                    .ForceFormat("lavfi"))
                .OutputToFile("-", overwrite: true, output => output.ForceFormat("null"))
                .CancellableThrough(limit.Token)
                .ProcessAsynchronously(throwOnError: false, new FFOptions { BinaryFolder = options.Value.FfmpegFolder })
                is { Success: true };
        }
        catch (Exception)
        {
            // No ffmpeg, no device, no answer: in each case there is no decoder to use.
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Cameras are decoded with {Decoder}")]
    private partial void LogFound(string decoder);

    [LoggerMessage(LogLevel.Information, "Cameras are decoded by the processor: none of {Candidates} opens here")]
    private partial void LogNone(string candidates);
}
