using System.Diagnostics;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>What a closed loop of cameras got.</summary>
/// <param name="FramesPerSecond">All cameras together.</param>
/// <param name="CpuMilliseconds">Processor time of this process for one frame.</param>
/// <param name="MeanBatch">Frames in a run.</param>
internal sealed record ClosedLoopSample(double FramesPerSecond, double CpuMilliseconds, double MeanBatch);

/// <summary>Cameras that each offer a frame as soon as the one before is done.</summary>
internal static class ClosedLoop
{
    /// <summary>One camera per frame given, for the time given.</summary>
    /// <exception cref="InvalidOperationException">A frame was not inferred.</exception>
    public static async Task<ClosedLoopSample> RunAsync(
        ModelRuntime runtime, IReadOnlyList<VideoFrame> frames, TimeSpan length, CancellationToken cancellationToken)
    {
        var before = runtime.Status;
        var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var counts = await Task.WhenAll(frames.Select(frame => Task.Run(
            () => OfferAsync(runtime, frame, () => Stopwatch.GetElapsedTime(started) < length, cancellationToken), cancellationToken)));
        var (elapsed, cpu) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - used);
        var inferred = counts.Sum();
        var runs = runtime.Status.ExecutionCount - before.ExecutionCount;
        return new(inferred / elapsed.TotalSeconds, cpu.TotalMilliseconds / inferred, (double)inferred / runs);
    }

    private static async Task<int> OfferAsync(
        ModelRuntime runtime, VideoFrame frame, Func<bool> goesOn, CancellationToken cancellationToken)
    {
        var request = new FrameRequest(
            Guid.NewGuid(), InferencePriority.Live, 0.25f, Timeout.InfiniteTimeSpan, MaySupersede: false, MaySpill: false);
        var count = 0;
        for (; goesOn(); count++)
        {
            var outcome = await runtime.InferAsync(frame, request, cancellationToken);
            if (outcome.Skipped is { } reason)
            {
                throw new InvalidOperationException($"A frame was not inferred: {reason}.");
            }
        }

        return count;
    }
}
