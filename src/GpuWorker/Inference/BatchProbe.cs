using System.Diagnostics;

using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Warm-up: runs a model on neutral pictures at growing batch sizes and measures. Blocks: for a thread of its own.</summary>
internal static class BatchProbe
{
    private const int MinimumRuns = 3;
    private const int MaximumRuns = 11;

    // Per batch size, after the first run: enough for a median, short enough for a swap.
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(60);

    // Twice the pictures take twice the time: from here on a larger batch is not worth the wait.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(500);

    /// <summary>Measures batch 1, 2, 4 … as far as the model takes them and they are worth it.</summary>
    /// <exception cref="ModelFaultException">It does not even run one picture.</exception>
    public static BatchMeasurement Measure(
        OnnxSession session, InputSpec input, int maximumBatch, CancellationToken cancellationToken)
    {
        var limit = session.TakesBatches ? maximumBatch : 1;
        List<BatchTiming> timings = [];
        for (var size = 1; size <= limit; size *= 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryMeasure(session, input, size) is not { } timing)
            {
                limit = size / 2;
                break;
            }

            timings.Add(timing);
            if (!BatchSizePolicy.IsWorthGoingOn(timings) || timing.Milliseconds > LongestRun.TotalMilliseconds)
            {
                limit = timing.Milliseconds > LongestRun.TotalMilliseconds ? size : limit;
                break;
            }
        }

        return new BatchMeasurement(timings, limit);
    }

    private static BatchTiming? TryMeasure(OnnxSession session, InputSpec input, int size)
    {
        try
        {
            using var buffers = session.Allocate(input, size);
            return KeepsBatchAxis(buffers.Run(size), size) ? Time(buffers, size) : null;
        }
        catch (OnnxRuntimeException exception) when (size == 1)
        {
            throw new ModelFaultException($"The model does not run: {exception.Message}", exception);
        }
        catch (OnnxRuntimeException)
        {
            // Declared open, but the graph was traced with one picture; or no memory for more.
            return null;
        }
    }

    private static bool KeepsBatchAxis(OutputSet outputs, int size) =>
        size == 1 || outputs.Shapes.All(shape => shape.Length == 0 || shape[0] == size);

    private static BatchTiming Time(SessionBuffers buffers, int size)
    {
        List<double> milliseconds = [];
        var started = Stopwatch.GetTimestamp();
        while (milliseconds.Count < MinimumRuns
            || (milliseconds.Count < MaximumRuns && Stopwatch.GetElapsedTime(started) < Budget))
        {
            var runStarted = Stopwatch.GetTimestamp();
            buffers.Run(size);
            milliseconds.Add(Stopwatch.GetElapsedTime(runStarted).TotalMilliseconds);
        }

        milliseconds.Sort();
        return new BatchTiming(size, Math.Max(milliseconds[milliseconds.Count / 2], 1e-6));
    }
}

/// <summary>What warm-up found.</summary>
/// <param name="Timings">By batch size, 1 first.</param>
/// <param name="Limit">Largest batch the model takes, as far as it was tried.</param>
internal sealed record BatchMeasurement(IReadOnlyList<BatchTiming> Timings, int Limit);
