using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// One thread that takes batches and runs them: fills, runs, decodes, completes. Simple on purpose: what one instance
/// leaves idle while it fills and decodes, the other instances use.
/// </summary>
internal sealed class ModelInstance
{
    private readonly BatchFormer _batches;
    private readonly SessionBuffers _buffers;
    private readonly IFrameCodec _codec;
    private readonly RuntimeStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PendingFrame> _batch = [];
    private readonly List<EncodedFrame> _encoded = [];
    private readonly List<ObjectBox> _objects = [];
    private int _maximumBatch;

    public ModelInstance(
        string name,
        BatchFormer batches,
        SessionBuffers buffers,
        IFrameCodec codec,
        RuntimeStatistics statistics,
        TimeProvider time)
    {
        (_batches, _buffers, _codec, _statistics, _time) = (batches, buffers, codec, statistics, time);
        _maximumBatch = buffers.MaximumBatch;
        _thread = new Thread(Work) { IsBackground = true, Name = name };
    }

    /// <summary>Completes when the thread has ended and the buffers are freed.</summary>
    public Task Ended => _ended.Task;

    public void Start() => _thread.Start();

    private void Work()
    {
        try
        {
            while (_batches.Take(_maximumBatch, _batch))
            {
                RunBatch();
                _batch.Clear();
            }
        }
        finally
        {
            _buffers.Dispose();
            _ended.SetResult();
        }
    }

    private void RunBatch()
    {
        var started = _time.GetTimestamp();
        _encoded.Clear();
        foreach (var frame in _batch)
        {
            Encode(frame);
        }

        if (_encoded.Count == 0)
        {
            return;
        }

        var runStarted = _time.GetTimestamp();
        if (Run() is not { } outputs)
        {
            return;
        }

        var run = _time.GetElapsedTime(runStarted).TotalMilliseconds;
        for (var i = 0; i < _encoded.Count; i++)
        {
            Decode(outputs, i, run);
        }

        _statistics.AddBatch(_encoded.Count, _time.GetElapsedTime(started).TotalMilliseconds);
    }

    private void Encode(PendingFrame frame)
    {
        var started = _time.GetTimestamp();
        var queued = _time.GetElapsedTime(frame.EnqueuedAt, started).TotalMilliseconds;
        try
        {
            var transform = _codec.Encode(frame.Frame, _buffers, _encoded.Count);
            var milliseconds = _time.GetElapsedTime(started).TotalMilliseconds;
            _encoded.Add(new EncodedFrame(frame, transform, queued, milliseconds));
        }
        catch (Exception exception)
        {
            frame.Skip(SkipReason.Failed, queued, ErrorOf(exception, FrameError.Preprocessing));
            _statistics.AddFailure(exception);
        }
    }

    private OutputSet? Run()
    {
        try
        {
            return _buffers.Run(_encoded.Count);
        }
        catch (Exception exception)
        {
            var error = ErrorOf(exception, FrameError.Inference);
            foreach (var encoded in _encoded)
            {
                encoded.Frame.Skip(SkipReason.Failed, encoded.QueueMilliseconds, error);
                _statistics.AddFailure(exception);
            }

            // Another model may have taken the memory since warm-up: smaller batches may still fit.
            _maximumBatch = error == FrameError.Memory ? Math.Max(1, _encoded.Count / 2) : _maximumBatch;
            return null;
        }
    }

    private void Decode(OutputSet outputs, int index, double runMilliseconds)
    {
        var (frame, transform, queued, encoded) = _encoded[index];
        var started = _time.GetTimestamp();
        FrameOutcome outcome;
        try
        {
            _objects.Clear();
            _codec.Decode(outputs, index, transform, frame.Request.ConfidenceThreshold, _objects);
            outcome = new FrameOutcome
            {
                Objects = _objects.Count == 0 ? [] : _objects.ToArray(),
                QueueMilliseconds = queued,
                PreprocessMilliseconds = encoded,
                InferMilliseconds = runMilliseconds,
                PostprocessMilliseconds = _time.GetElapsedTime(started).TotalMilliseconds,
                BatchSize = _encoded.Count,
            };
        }
        catch (Exception exception)
        {
            frame.Skip(SkipReason.Failed, queued, ErrorOf(exception, FrameError.Postprocessing));
            _statistics.AddFailure(exception);
            return;
        }

        _statistics.AddFrame(outcome);
        frame.Complete(outcome);
    }

    private static FrameError ErrorOf(Exception exception, FrameError otherwise) =>
        exception is OutOfMemoryException || (exception is OnnxRuntimeException && IsOutOfMemory(exception.Message))
            ? FrameError.Memory
            : otherwise;

    private static bool IsOutOfMemory(string message) =>
        message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("bad_alloc", StringComparison.OrdinalIgnoreCase);

    private readonly record struct EncodedFrame(
        PendingFrame Frame, PictureTransform Transform, double QueueMilliseconds, double PreprocessMilliseconds);
}
