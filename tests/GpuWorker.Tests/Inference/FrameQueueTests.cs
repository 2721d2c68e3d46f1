using FsCheck.Xunit;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

public sealed class FrameQueueTests
{
    private static readonly Guid A = new("aaaaaaaa-0000-0000-0000-000000000000");
    private static readonly Guid B = new("bbbbbbbb-0000-0000-0000-000000000000");
    private static readonly Guid C = new("cccccccc-0000-0000-0000-000000000000");

    private static readonly Guid D = new("dddddddd-0000-0000-0000-000000000000");

    private readonly List<PendingFrame> _superseded = [];
    private readonly List<PendingFrame> _evicted = [];

    [Fact]
    public void Urgent_frames_leave_first()
    {
        var queue = Queue();
        var evaluation = Add(queue, A, InferencePriority.Evaluation);
        var recording = Add(queue, B, InferencePriority.Recording);
        var alarm = Add(queue, C, InferencePriority.Alarm);
        var live = Add(queue, A, InferencePriority.Live);

        Assert.Equal([alarm, live, recording, evaluation], Take(queue, 4));
    }

    [Fact]
    public void Cameras_take_turns_whatever_came_first()
    {
        var queue = Queue();
        var (a1, a2, a3) = (Add(queue, A), Add(queue, A), Add(queue, A));
        var (b1, c1) = (Add(queue, B), Add(queue, C));

        Assert.Equal([a1, b1], Take(queue, 2));
        Assert.Equal([c1, a2], Take(queue, 2));
        Assert.Equal([a3], Take(queue, 2));
    }

    [Fact]
    public void Camera_in_alarm_does_not_fill_the_batch_while_others_wait()
    {
        var queue = Queue(perCamera: 2);
        var alarms = Enumerable.Range(0, 4).Select(_ => Add(queue, A, InferencePriority.Alarm)).ToList();
        var live = Add(queue, B);

        Assert.Equal([alarms[0], alarms[1], live, alarms[2]], Take(queue, 4));
    }

    [Fact]
    public void Places_nobody_else_wants_are_filled()
    {
        var queue = Queue(perCamera: 2);
        var frames = Enumerable.Range(0, 5).Select(_ => Add(queue, A)).ToList();

        Assert.Equal(frames, Take(queue, 8));
    }

    [Fact]
    public void Frame_runs_with_no_more_than_it_allows()
    {
        var queue = Queue();
        var (a, b, c) = (Add(queue, A), Add(queue, B, maximumBatch: 2), Add(queue, C));
        var alone = Add(queue, D, maximumBatch: 1);

        // The second allows one beside it; the last waits, and is not passed over again.
        Assert.Equal([a, b], Take(queue, 8));
        var later = Add(queue, A);
        Assert.Equal([c, later], Take(queue, 8));
        Assert.Equal([alone], Take(queue, 8));
    }

    [Property(MaxTest = 300)]
    public void Every_batch_keeps_to_the_smallest_that_its_frames_allow(byte[] allowed, byte maximum)
    {
        var queue = Queue(perCamera: 2);
        var cameras = new[] { A, B, C, D };
        for (var i = 0; i < allowed.Length && i < 100; i++)
        {
            Add(queue, cameras[allowed[i] / 16 % 4], (InferencePriority)(allowed[i] / 64), maximumBatch: 1 + (allowed[i] % 16));
        }

        var most = 1 + (maximum % 16);
        while (queue.Count > 0)
        {
            var batch = Take(queue, most);
            Assert.InRange(batch.Count, 1, Math.Min(most, batch.Min(frame => frame.Request.MaximumBatch)));
        }
    }

    [Fact]
    public void Newer_frame_supersedes_the_older_of_its_camera_only()
    {
        var queue = Queue();
        var old = Add(queue, A, maySupersede: true);
        var other = Add(queue, B, maySupersede: true);
        var keeps = Add(queue, C);

        var newer = Add(queue, A, maySupersede: true);
        Add(queue, C, maySupersede: true);

        Assert.Equal([old], _superseded);
        Assert.Equal([other, keeps, newer], Take(queue, 3));
    }

    [Fact]
    public void One_picture_for_two_deployments_is_not_newer_than_itself()
    {
        var queue = Queue();
        var picture = Bench.Frame();
        var first = Add(queue, A, maySupersede: true, picture: picture);
        var second = Add(queue, A, maySupersede: true, picture: picture);

        Assert.Empty(_superseded);
        Assert.Equal([first, second], Take(queue, 2));
    }

    [Fact]
    public void Live_frame_does_not_supersede_an_alarm()
    {
        var queue = Queue();
        Add(queue, A, InferencePriority.Alarm, maySupersede: true);

        Add(queue, A, InferencePriority.Live, maySupersede: true);

        Assert.Empty(_superseded);
        Assert.Equal(2, queue.Count);
    }

    [Fact]
    public void Full_queue_refuses_a_camera_that_has_its_share()
    {
        var queue = Queue(frames: 2);
        Add(queue, A);
        Add(queue, B);

        Assert.False(TryAdd(queue, A, out _));
        Assert.Empty(_evicted);
    }

    [Fact]
    public void Full_queue_makes_room_where_one_camera_holds_it()
    {
        var queue = Queue(frames: 3);
        Add(queue, A);
        Add(queue, A);
        var newest = Add(queue, A);

        Assert.True(TryAdd(queue, B, out _));
        Assert.Equal([newest], _evicted);
    }

    [Fact]
    public void Full_queue_gives_an_alarm_the_place_of_an_evaluation()
    {
        var queue = Queue(frames: 1);
        var evaluation = Add(queue, A, InferencePriority.Evaluation);

        Assert.True(TryAdd(queue, B, out _, InferencePriority.Alarm));
        Assert.Equal([evaluation], _evicted);
        Assert.False(TryAdd(queue, C, out _, InferencePriority.Evaluation));
    }

    [Fact]
    public void Bytes_bound_the_queue_too()
    {
        var queue = Queue(bytes: 250);
        Add(queue, A);
        Add(queue, B);

        Assert.False(TryAdd(queue, C, out _));
        Assert.Equal(192, queue.Bytes);
    }

    [Fact]
    public void Expired_frames_leave_and_the_others_stay()
    {
        var queue = Queue();
        var late = Add(queue, A, deadline: 10);
        var good = Add(queue, B, deadline: 11);

        List<PendingFrame> expired = [];
        queue.TakeExpired(now: 10, expired);

        Assert.Equal([late], expired);
        Assert.Equal([good], Take(queue, 2));
        Assert.Equal((0, 0L), (queue.Count, queue.Bytes));
    }

    private static FrameQueue Queue(int frames = 100, long bytes = 1 << 20, int perCamera = 8) =>
        new(new QueueLimits(frames, bytes, perCamera));

    private static List<PendingFrame> Take(FrameQueue queue, int maximum)
    {
        List<PendingFrame> batch = [];
        queue.TakeBatch(maximum, batch);
        return batch;
    }

    private PendingFrame Add(
        FrameQueue queue,
        Guid camera,
        InferencePriority priority = InferencePriority.Live,
        bool maySupersede = false,
        long deadline = long.MaxValue,
        VideoFrame? picture = null,
        int maximumBatch = int.MaxValue)
    {
        Assert.True(TryAdd(queue, camera, out var frame, priority, maySupersede, deadline, picture, maximumBatch));
        return frame;
    }

    private bool TryAdd(
        FrameQueue queue,
        Guid camera,
        out PendingFrame frame,
        InferencePriority priority = InferencePriority.Live,
        bool maySupersede = false,
        long deadline = long.MaxValue,
        VideoFrame? picture = null,
        int maximumBatch = int.MaxValue)
    {
        frame = new PendingFrame(
            picture ?? Bench.Frame(), Bench.Request(camera, priority, maySupersede: maySupersede, maximumBatch: maximumBatch), 0, deadline);
        return queue.TryAdd(frame, _superseded, _evicted);
    }
}
