using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Detections;

/// <summary>Objects that leave their own box between two frames: overlap alone loses them.</summary>
public sealed class TrackNearnessTests
{
    private static readonly TrackerSettings Settings = new(
        HighConfidence: 0.5f, MatchIou: 0.3f, LostFor: TimeSpan.FromSeconds(2), ConfirmAfter: 2);

    private readonly TrackedScene _scene = new(new ObjectTracker(Settings, firstTrackId: 100));

    [Theory]
    [InlineData(1.5f)]
    [InlineData(2.0f)]
    [InlineData(2.4f)]
    public void A_small_fast_object_at_five_frames_a_second_keeps_its_id(float widthsPerFrame)
    {
        Assert.Equal(0, BoxGeometry.Iou(Ball(0.1f), Ball(0.1f + (0.03f * widthsPerFrame))));

        for (var i = 0; i < 12; i++)
        {
            var ids = _scene.Show(0.2, Ball(0.1f + (0.03f * widthsPerFrame * i)));

            Assert.Equal([i == 0 ? null : 100], ids);
        }
    }

    [Fact]
    public void Two_fast_objects_that_meet_never_share_or_swap_ids()
    {
        for (var i = 0; i < 14; i++)
        {
            var ids = _scene.Show(0.2, Ball(0.05f + (0.06f * i)), Ball(0.90f - (0.06f * i)));

            Assert.True(i == 0 || ids is [100, 101], $"Frame {i}: {string.Join(", ", ids)}");
        }
    }

    [Fact]
    public void An_object_out_of_reach_is_another_one()
    {
        _scene.Show(0.2, Ball(0.1f));
        Assert.Equal([100], _scene.Show(0.2, Ball(0.1f)));
        _scene.Show(0.2, Ball(0.25f));

        Assert.Equal([101], _scene.Show(0.2, Ball(0.25f)));
    }

    [Fact]
    public void Of_two_candidates_neither_is_taken()
    {
        _scene.Show(0.2, Ball(0.5f));
        Assert.Equal([100], _scene.Show(0.2, Ball(0.5f)));

        Assert.Equal([null, null], _scene.Show(0.2, Ball(0.44f), Ball(0.56f)));
    }

    [Fact]
    public void A_track_does_not_leap_over_an_object_that_another_track_keeps()
    {
        _scene.Show(0.2, Ball(0.50f), Ball(0.535f));
        Assert.Equal([100, 101], _scene.Show(0.2, Ball(0.50f), Ball(0.535f)));

        Assert.Equal([null, 100], _scene.Show(0.2, Ball(0.465f), Ball(0.50f)));
    }

    [Fact]
    public void An_object_of_another_size_is_another_one()
    {
        _scene.Show(0.2, Ball(0.5f));
        Assert.Equal([100], _scene.Show(0.2, Ball(0.5f)));

        Assert.Equal([null], _scene.Show(0.2, new ObjectBox(0, 0.9f, 0.54f, 0.4f, 0.06f, 0.1f)));
    }

    [Fact]
    public void A_lost_track_is_not_continued_by_nearness()
    {
        _scene.Show(0.2, Ball(0.5f));
        Assert.Equal([100], _scene.Show(0.2, Ball(0.5f)));
        _scene.Show(0.2);

        Assert.Equal([null], _scene.Show(0.2, Ball(0.55f)));
    }

    [Fact]
    public void Frames_far_apart_in_time_are_not_joined_by_nearness()
    {
        _scene.Show(0.2, Ball(0.5f));
        Assert.Equal([100], _scene.Show(0.2, Ball(0.5f)));

        Assert.Equal([null], _scene.Show(1.5, Ball(0.54f)));
    }

    private static ObjectBox Ball(float x) => new(0, 0.9f, x, 0.4f, 0.03f, 0.05f);
}
