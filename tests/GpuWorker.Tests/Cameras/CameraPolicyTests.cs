using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class CameraPolicyTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(10, 25, 25, 0, 0, CameraGrade.Unknown)]
    [InlineData(11, 25, 25, 0, 0, CameraGrade.Excellent)]
    [InlineData(60, 25, 25, 0, 0, CameraGrade.Excellent)]
    [InlineData(60, 22.5, 25, 0, 4, CameraGrade.Excellent)]
    [InlineData(60, 22.4, 25, 0, 0, CameraGrade.Fair)]
    [InlineData(60, 25, 25, 0, 5, CameraGrade.Fair)]
    [InlineData(60, 15, 25, 2, 0, CameraGrade.Fair)]
    [InlineData(60, 14.9, 25, 2, 0, CameraGrade.Poor)]
    [InlineData(60, 25, 25, 3, 0, CameraGrade.Poor)]
    [InlineData(60, 25, 25, 10, 0, CameraGrade.Poor)]
    [InlineData(60, 25, 25, 11, 0, CameraGrade.Unusable)]
    [InlineData(60, 0.09, 0.1, 0, 0, CameraGrade.Unusable)]
    [InlineData(60, 7, 0, 0, 0, CameraGrade.Excellent)]
    public void Grade_follows_rate_reconnects_and_stalls(
        int delivering, double fps, double expected, int reconnects, int stalls, CameraGrade grade) =>
        Assert.Equal(
            grade, GradePolicy.Judge(new(2 * Minute, TimeSpan.FromSeconds(delivering), fps, expected, reconnects, stalls)));

    [Theory]
    [InlineData(29, CameraGrade.Unknown)]
    [InlineData(30, CameraGrade.Unusable)]
    public void Camera_that_never_gave_a_frame_is_unusable_once_connecting_takes_too_long(int age, CameraGrade grade) =>
        Assert.Equal(grade, GradePolicy.Judge(new(TimeSpan.FromSeconds(age), null, 0, 25, 0, 0)));

    [Theory]
    [InlineData(0)]
    [InlineData(19.9)]
    [InlineData(20.95)]
    public void Grade_counts_from_the_first_frame_however_long_connecting_took(double connecting)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var counters = new StreamCounters(time);
        time.Advance(TimeSpan.FromSeconds(connecting));
        counters.Connected(25);
        var running = new CameraStatus
        {
            CameraId = Guid.Empty, SiteId = Guid.Empty, Name = "Gate", Silo = "worker", PlanRevision = "1", State = StreamState.Running,
        };
        var grades = new List<CameraGrade>();
        for (var frame = 0; frame < 25 * 30; frame++)
        {
            counters.Decoded(1, time.GetUtcNow());
            grades.Add(counters.Fill(running).Grade);
            time.Advance(TimeSpan.FromSeconds(0.04));
        }

        Assert.All(grades.Take(25 * 10), grade => Assert.Equal(CameraGrade.Unknown, grade));
        Assert.All(grades.Skip(25 * 11), grade => Assert.Equal(CameraGrade.Excellent, grade));
    }

    [Theory]
    [InlineData(1, 1.0, 1)]
    [InlineData(1, 0.0, 0.5)]
    [InlineData(2, 1.0, 2)]
    [InlineData(5, 1.0, 16)]
    [InlineData(6, 1.0, 30)]
    [InlineData(1000, 0.0, 15)]
    public void Wait_doubles_up_to_its_limit_and_is_jittered(int failures, double jitter, double seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            ReconnectPolicy.Delay(failures, jitter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)));

    [Theory]
    [InlineData(25, 10)]
    [InlineData(2, 10)]
    [InlineData(1, 20)]
    [InlineData(0.1, 200)]
    [InlineData(0, 10)]
    public void Slow_cameras_may_be_silent_for_twenty_frames(double fps, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ReconnectPolicy.StallAfter(fps, TimeSpan.FromSeconds(10)));

    [Theory]
    [InlineData(1920, 1080, 640, 640, 360)]
    [InlineData(1080, 1920, 640, 360, 640)]
    [InlineData(640, 352, 640, 640, 352)]
    [InlineData(768, 432, 416, 416, 234)]
    [InlineData(320, 240, 640, 320, 240)]
    [InlineData(641, 481, 0, 642, 482)]
    [InlineData(4000, 10, 640, 640, 2)]
    public void Working_size_keeps_the_shape_with_even_sides(int width, int height, int longer, int toWidth, int toHeight) =>
        Assert.Equal((toWidth, toHeight), WorkingSize.For(width, height, longer));

    [Fact]
    public void Frames_on_their_way_are_not_taken_for_left_out_and_the_end_settles_the_rest()
    {
        var count = new SamplingCount(onTheirWay: 3);

        Assert.Equal(0, count.Take(decoded: 5, delivered: 2, atEnd: false));
        Assert.Equal(4, count.Take(decoded: 10, delivered: 3, atEnd: false));
        Assert.Equal(0, count.Take(decoded: 10, delivered: 4, atEnd: false));
        Assert.Equal(12, count.Take(decoded: 20, delivered: 4, atEnd: true));
        Assert.Equal(0, count.Take(decoded: 20, delivered: 4, atEnd: true));
    }

    [Fact]
    public void Detection_id_is_the_same_for_the_same_frame_and_no_other()
    {
        var (camera, deployment) = (new Guid("11111111-1111-1111-1111-111111111111"), new Guid("22222222-2222-2222-2222-222222222222"));
        var time = DateTimeOffset.UnixEpoch.AddTicks(12_345_670);

        var id = DetectionId.Of(camera, deployment, time, 0);

        Assert.Equal(id, DetectionId.Of(camera, deployment, time.ToOffset(TimeSpan.FromHours(2)), 0));
        Assert.Equal(8, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Guid[] others =
        [
            DetectionId.Of(camera, deployment, time, 1), DetectionId.Of(deployment, camera, time, 0),
            DetectionId.Of(camera, camera, time, 0), DetectionId.Of(camera, deployment, time.AddMicroseconds(1), 0),
        ];
        Assert.DoesNotContain(id, others);
        Assert.Equal(4, others.Distinct().Count());
    }

    [Fact]
    public void Frame_times_grow_also_when_the_clock_does_not()
    {
        var clock = new FrameClock(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddTicks(19)));

        var times = Enumerable.Range(0, 3).Select(_ => clock.Next().Ticks - DateTimeOffset.UnixEpoch.Ticks);

        Assert.Equal([10, 20, 30], times);
    }

    [Fact]
    public void Rates_and_reconnects_are_of_the_last_seconds_and_the_last_hour()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var rate = new RateWindow(time);
        var hour = new LastHour(time);
        var latency = new LatencyWindow(time);
        for (var second = 0; second < 20; second++)
        {
            rate.Add(second < 10 ? 100 : 5);
            latency.Record(second < 10 ? 1000 : 10);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        hour.Add();
        Assert.Equal(5, rate.PerSecond());
        time.Advance(TimeSpan.FromSeconds(45));
        Assert.Equal(0, rate.PerSecond());
        Assert.Equal(10, latency.ToSketch().Quantile(0.95)!.Value, tolerance: 0.2);
        time.Advance(Minute);
        Assert.Equal((0, 1), (latency.ToSketch().Count, hour.Count()));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, hour.Count());
    }
}
