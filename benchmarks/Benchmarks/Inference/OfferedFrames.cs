using System.Diagnostics;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>Cameras that offer a decoded frame a second to a runtime, their seconds spread evenly.</summary>
internal sealed class OfferedFrames(ModelRuntime runtime, IReadOnlyList<VideoFrame> frames)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private long _inferred;

    /// <summary>Runs so many cameras and measures for the time given, from their second second on.</summary>
    public async Task<FrameCost> MeasureAsync(int cameras, TimeSpan length, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var offering = Enumerable.Range(0, cameras)
            .Select(i => OfferAsync(frames[i % frames.Count], Period * i / cameras, stop.Token))
            .ToArray();
        await Task.Delay(2 * Period, cancellationToken);
        var (started, before, used) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref _inferred), Environment.CpuUsage.TotalTime);
        await Task.Delay(length, cancellationToken);
        var (elapsed, cpu) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - used);
        var inferred = Interlocked.Read(ref _inferred) - before;
        await stop.CancelAsync();
        await Task.WhenAll(offering);
        return new(cpu.TotalMilliseconds / inferred, 0, inferred / elapsed.TotalSeconds / cameras);
    }

    private async Task OfferAsync(VideoFrame frame, TimeSpan phase, CancellationToken cancellationToken)
    {
        var request = new FrameRequest(
            Guid.NewGuid(), InferencePriority.Live, 0.5f, TimeSpan.FromSeconds(30), MaySupersede: true, MaySpill: false);
        try
        {
            await Task.Delay(phase, cancellationToken);
            using var seconds = new PeriodicTimer(Period);
            while (await seconds.WaitForNextTickAsync(cancellationToken))
            {
                var outcome = await runtime.InferAsync(frame, request, cancellationToken);
                if (outcome.Skipped is null)
                {
                    Interlocked.Increment(ref _inferred);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }
}
