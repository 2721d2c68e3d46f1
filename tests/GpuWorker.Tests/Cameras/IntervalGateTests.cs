using FsCheck;
using FsCheck.Xunit;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class IntervalGateTests
{
    private readonly FramePool _pool = new(0);
    private long _number;

    [Theory]
    [InlineData(0, 5, 50)]
    [InlineData(1, 5, 10)]
    [InlineData(1, 25, 10)]
    [InlineData(2, 25, 5)]
    [InlineData(3, 7.5, 4)]
    [InlineData(1, 1, 10)]
    [InlineData(5, 0.5, 2)]
    public void So_many_frames_of_ten_seconds_are_due(int interval, double fps, int expected)
    {
        var times = Enumerable.Range(0, (int)(10 * fps)).Select(number => TimeSpan.FromSeconds(number / fps));

        Assert.Equal(expected, Due(interval, times).Count);
    }

    [Property]
    public void Camera_that_sends_as_often_as_is_wanted_loses_no_frame_by_its_jitter(int seed)
    {
        var random = new Random(seed);
        var times = Enumerable.Range(0, 100).Select(number => TimeSpan.FromSeconds(number + 1 + ((random.NextDouble() - 0.5) * 0.09))).ToArray();

        Assert.Equal(100, Due(1, times).Count);
    }

    [Property]
    public void Frames_that_are_due_keep_their_distance_on_average(PositiveInt interval, int seed)
    {
        var seconds = (interval.Get % 20) + 1;
        var random = new Random(seed);
        var at = TimeSpan.Zero;
        var times = Enumerable.Range(0, 500).Select(_ => at += TimeSpan.FromSeconds(random.NextDouble() * 3)).ToArray();

        var due = Due(seconds, times);

        Assert.Equal(times[0], due[0]);
        Assert.InRange(due.Count, 1, ((times[^1] - times[0]).TotalSeconds / seconds) + 1.2);
        Assert.All(due.Zip(due.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(seconds * 0.4)));
    }

    [Fact]
    public void What_was_missed_in_a_gap_is_not_made_up_for()
    {
        TimeSpan[] times = [.. new[] { 0, 0.2, 60, 60.2, 60.4, 60.8, 61, 61.2 }.Select(TimeSpan.FromSeconds)];

        Assert.Equal([times[0], times[2], times[6]], Due(1, times));
    }

    [Fact]
    public void Recording_that_starts_over_is_looked_at_from_its_first_frame()
    {
        TimeSpan[] times = [.. new[] { 0, 0.5, 1, 1.5, 0, 0.5, 1 }.Select(TimeSpan.FromSeconds)];

        Assert.Equal([times[0], times[2], times[4], times[6]], Due(1, times));
    }

    [Fact]
    public void Two_deployments_that_share_it_get_the_same_frames()
    {
        var gate = new IntervalGate(TimeSpan.FromSeconds(1));
        foreach (var tenth in Enumerable.Range(0, 50))
        {
            var frame = Frame(TimeSpan.FromSeconds(tenth / 10.0));
            Assert.Equal(gate.IsDue(frame), gate.IsDue(frame));
        }
    }

    private List<TimeSpan> Due(int interval, IEnumerable<TimeSpan> times)
    {
        var gate = new IntervalGate(TimeSpan.FromSeconds(interval));
        return [.. times.Where(time => gate.IsDue(Frame(time)))];
    }

    private VideoFrame Frame(TimeSpan at)
    {
        var frame = _pool.Rent(16, 16);
        frame.Number = _number++;
        frame.PlayTime = at;
        return frame;
    }
}
