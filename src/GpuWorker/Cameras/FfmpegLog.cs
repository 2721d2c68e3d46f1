using System.Globalization;

using OrleansAiFleet.GpuWorker.Fleet;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>What ffmpeg says on its error output: its last words, scrubbed, and how many frames it has decoded.</summary>
internal sealed class FfmpegLog(SecretScrubber scrubber)
{
    private const int LinesKept = 20;
    private const string Frames = "frame=";

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new(LinesKept);
    private long _sourceFrames;

    /// <summary>Frames decoded from the source so far, as ffmpeg last reported (once a second and at its end).</summary>
    public long SourceFrames => Interlocked.Read(ref _sourceFrames);

    /// <summary>The last error it reported, scrubbed; null where it reported none.</summary>
    public string? LastError
    {
        get
        {
            lock (_gate)
            {
                return _lines.LastOrDefault();
            }
        }
    }

    public async Task FollowAsync(StreamReader output, CancellationToken cancellationToken)
    {
        while (await output.ReadLineAsync(cancellationToken) is { } line)
        {
            Take(line);
        }
    }

    internal void Take(string line)
    {
        if (line.StartsWith(Frames, StringComparison.Ordinal))
        {
            if (long.TryParse(line.AsSpan(Frames.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var frames))
            {
                Interlocked.Exchange(ref _sourceFrames, frames);
            }
        }
        else if (line.Contains("[error]", StringComparison.Ordinal)
            || line.Contains("[fatal]", StringComparison.Ordinal)
            || line.StartsWith(ChildConfinement.Complaint, StringComparison.Ordinal))
        {
            Keep(scrubber.Scrub(Plain(line)));
        }
    }

    private void Keep(string line)
    {
        lock (_gate)
        {
            if (_lines.Count == LinesKept)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }
    }

    // "[http @ 0x55f4] [error] text" says no more than "text" to a reader.
    private static string Plain(string line)
    {
        var level = Math.Max(line.LastIndexOf("[error]", StringComparison.Ordinal), line.LastIndexOf("[fatal]", StringComparison.Ordinal));
        return level < 0 ? line : line[(level + "[error]".Length)..].Trim();
    }
}
