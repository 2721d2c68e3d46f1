using OrleansAiFleet.Cameras;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// Annotated pictures of one camera, drawn only while somebody asks: one picture serves all who wait, one is drawn at a
/// time, and frames that come meanwhile are not drawn.
/// </summary>
internal sealed class LiveView(TimeProvider time, PictureBlur blur)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan InterestLasts = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BoxesLast = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, (DateTimeOffset Time, IReadOnlyList<Detection> Boxes)> _latest = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LiveFrame? _frame;
    private long? _askedAt;
    private bool _drawing;

    /// <summary>Pictures drawn so far.</summary>
    public long Drawn { get; private set; }

    /// <summary>
    /// The next picture after a number (0: any). Numbers are the frames' times in microseconds, so that they grow over
    /// restarts of the stream too. Null after ten seconds without one.
    /// </summary>
    public async Task<LiveFrame?> NextAsync(long afterNumber, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            Task next;
            lock (_gate)
            {
                var isFresh = _askedAt is { } asked && time.GetElapsedTime(asked) < InterestLasts;
                _askedAt = time.GetTimestamp();
                if (isFresh && _frame is { } frame && frame.Number > afterNumber)
                {
                    return frame;
                }

                next = _next.Task;
            }

            try
            {
                await next.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    /// <summary>Shows a processed frame, if anybody looks. Never waits.</summary>
    public void Offer(VideoFrame frame, Guid deploymentId, IReadOnlyList<Detection> detections)
    {
        List<Detection> boxes;
        lock (_gate)
        {
            if (_askedAt is not { } asked || time.GetElapsedTime(asked) > InterestLasts)
            {
                _latest.Clear();
                return;
            }

            _latest[deploymentId] = (frame.Time, detections);
            if (_drawing)
            {
                return;
            }

            _drawing = true;
            boxes = [.. _latest.Values.Where(one => frame.Time - one.Time < BoxesLast).SelectMany(one => one.Boxes)];
        }

        frame.AddReference();
        _ = Task.Run(() => Draw(frame, boxes));
    }

    private void Draw(VideoFrame frame, List<Detection> boxes)
    {
        try
        {
            var picture = new LiveFrame(FrameClock.Microseconds(frame.Time), frame.Time, FramePicture.ToJpeg(frame, boxes, blur));
            TaskCompletionSource waiting;
            lock (_gate)
            {
                _frame = picture;
                Drawn++;
                (waiting, _next) = (_next, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            waiting.SetResult();
        }
        finally
        {
            frame.Release();
            lock (_gate)
            {
                _drawing = false;
            }
        }
    }
}
