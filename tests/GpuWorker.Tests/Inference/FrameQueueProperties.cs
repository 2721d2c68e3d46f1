using FsCheck.Xunit;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>What holds for any sequence of arrivals, batches, cancellations and expiries.</summary>
public sealed class FrameQueueProperties
{
    private const int PerCamera = 2;
    private static readonly Guid[] Cameras = [.. Enumerable.Range(0, 4).Select(_ => Guid.NewGuid())];

    [Property(MaxTest = 300)]
    public void Every_frame_leaves_exactly_once(byte[] script)
    {
        var run = new Run();
        foreach (var step in script)
        {
            run.Take(step);
        }

        run.Queue.TakeAll(run.Left);

        Assert.Equal(run.Entered.Count, run.Left.Count);
        Assert.Equal(run.Entered.ToHashSet(), run.Left.ToHashSet());
        Assert.Equal((0, 0L), (run.Queue.Count, run.Queue.Bytes));
    }

    [Property(MaxTest = 300)]
    public void Bounds_hold_after_every_step(byte[] script)
    {
        var run = new Run();
        foreach (var step in script)
        {
            run.Take(step);
            Assert.InRange(run.Queue.Count, 0, Run.Frames);
            Assert.Equal(run.Waiting.Sum(frame => frame.Bytes), run.Queue.Bytes);
        }
    }

    [Property(MaxTest = 300)]
    public void Only_own_older_frames_that_allow_it_are_superseded(byte[] script)
    {
        var run = new Run();
        foreach (var step in script)
        {
            run.Take(step);
            Assert.All(run.LastSuperseded, old =>
            {
                Assert.Equal(run.Entered[^1].Request.CameraId, old.Request.CameraId);
                Assert.True(old.Request.MaySupersede);
                Assert.True(old.Request.Priority >= run.Entered[^1].Request.Priority);
            });
        }
    }

    [Property(MaxTest = 300)]
    public void Camera_above_its_share_means_that_no_other_was_left_out(byte[] script)
    {
        var run = new Run();
        foreach (var step in script)
        {
            run.Take(step);
            var above = run.LastBatch.GroupBy(frame => frame.Request.CameraId).Where(camera => camera.Count() > PerCamera);
            Assert.All(above, _ => Assert.All(
                run.Waiting,
                waiting => Assert.True(
                    run.LastBatch.Count(frame => frame.Request.CameraId == waiting.Request.CameraId) >= PerCamera)));
        }
    }

    [Property(MaxTest = 300)]
    public void More_urgent_frame_is_left_waiting_only_where_its_camera_has_its_share(byte[] script)
    {
        var run = new Run();
        foreach (var step in script)
        {
            run.Take(step);
            var leastUrgent = run.LastBatch.Count == 0 ? InferencePriority.Alarm : run.LastBatch.Max(frame => frame.Request.Priority);
            Assert.All(
                run.Waiting.Where(waiting => run.LastBatch.Count > 0 && waiting.Request.Priority < leastUrgent),
                waiting => Assert.True(
                    run.LastBatch.Count(frame => frame.Request.CameraId == waiting.Request.CameraId) >= PerCamera));
        }
    }

    /// <summary>Reads a byte as a step: what kind, which camera, which priority.</summary>
    private sealed class Run
    {
        public const int Frames = 12;
        private long _now;

        public FrameQueue Queue { get; } = new(new QueueLimits(Frames, 1 << 20, PerCamera));

        public List<PendingFrame> Entered { get; } = [];

        public List<PendingFrame> Left { get; } = [];

        public List<PendingFrame> LastSuperseded { get; } = [];

        public List<PendingFrame> LastBatch { get; } = [];

        public List<PendingFrame> Waiting => [.. Entered.Except(Left)];

        public void Take(byte step)
        {
            LastSuperseded.Clear();
            LastBatch.Clear();
            switch (step % 8)
            {
                case 5:
                    Queue.TakeBatch(4, LastBatch);
                    Left.AddRange(LastBatch);
                    break;
                case 6 when Waiting.Count > 0:
                    Assert.True(Queue.Remove(Waiting[0]));
                    Left.Add(Waiting[0]);
                    break;
                case 7:
                    Queue.TakeExpired(_now += 3, Left);
                    break;
                default:
                    Add(step);
                    break;
            }
        }

        private void Add(byte step)
        {
            var request = Bench.Request(
                Cameras[(step >> 3) % Cameras.Length], (InferencePriority)((step >> 5) % 4), maySupersede: (step >> 7) == 1);
            var frame = new PendingFrame(Bench.Frame(), request, _now, _now + (step % 7) + 1);
            Entered.Add(frame);
            List<PendingFrame> evicted = [];
            var isIn = Queue.TryAdd(frame, LastSuperseded, evicted);
            Left.AddRange(LastSuperseded);
            Left.AddRange(evicted);
            if (!isIn)
            {
                Left.Add(frame);
            }
        }
    }
}
