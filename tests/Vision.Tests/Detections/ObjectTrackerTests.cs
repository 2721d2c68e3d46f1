using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Detections;

public sealed class ObjectTrackerTests
{
    private static readonly TrackerSettings Settings = new(
        HighConfidence: 0.5f, MatchIou: 0.3f, LostFor: TimeSpan.FromSeconds(2), ConfirmAfter: 2);

    private readonly TrackedScene _scene = new(new ObjectTracker(Settings, firstTrackId: 100));

    [Fact]
    public void An_object_gets_its_id_after_so_many_matches_and_keeps_it()
    {
        Assert.Equal([null], _scene.Show(0.2, Person(0.1f)));
        for (var i = 1; i < 20; i++)
        {
            Assert.Equal([100], _scene.Show(0.2, Person(0.1f + (0.02f * i))));
        }
    }

    [Fact]
    public void Two_people_who_cross_keep_their_ids()
    {
        for (var i = 0; i < 40; i++)
        {
            var step = 0.015f * i;
            var ids = _scene.Show(0.2, Person(0.2f + step, y: 0.30f), Person(0.8f - step, y: 0.36f));

            Assert.True(i == 0 || ids is [100, 101], $"Frame {i}: {string.Join(", ", ids)}");
        }
    }

    [Fact]
    public void A_person_who_walks_behind_something_keeps_the_id()
    {
        for (var i = 0; i < 10; i++)
        {
            _scene.Show(0.2, Person(0.1f + (0.01f * i)));
        }

        for (var i = 10; i < 17; i++)
        {
            _scene.Show(0.2);
        }

        Assert.Equal([100], _scene.Show(0.2, Person(0.1f + (0.01f * 17))));
    }

    [Fact]
    public void Who_is_gone_for_too_long_comes_back_as_somebody_else()
    {
        _scene.Show(0.2, Person(0.1f));
        Assert.Equal([100], _scene.Show(0.2, Person(0.1f)));

        _scene.Show(2.5);
        _scene.Show(0.2, Person(0.1f));

        Assert.Equal([101], _scene.Show(0.2, Person(0.1f)));
    }

    [Fact]
    public void Weak_objects_continue_a_track_but_start_none()
    {
        _scene.Show(0.2, Person(0.1f), Person(0.7f, confidence: 0.3f));
        _scene.Show(0.2, Person(0.1f), Person(0.7f, confidence: 0.3f));

        Assert.Equal([100, null], _scene.Show(0.2, Person(0.1f, confidence: 0.2f), Person(0.7f, confidence: 0.3f)));
    }

    [Fact]
    public void What_is_seen_once_never_gets_an_id()
    {
        Assert.Equal([null], _scene.Show(0.2, Person(0.1f)));
        _scene.Show(0.2);
        Assert.Equal([null], _scene.Show(0.2, Person(0.1f)));
    }

    [Fact]
    public void Another_class_in_the_same_place_is_another_object()
    {
        _scene.Show(0.2, Person(0.1f));
        _scene.Show(0.2, Person(0.1f));
        _scene.Show(0.2, Person(0.1f) with { ClassId = 5 });

        Assert.Equal([101], _scene.Show(0.2, Person(0.1f) with { ClassId = 5 }));
    }

    [Fact]
    public void A_track_is_confirmed_at_once_where_one_match_is_enough()
    {
        var scene = new TrackedScene(new ObjectTracker(Settings with { ConfirmAfter = 1 }, firstTrackId: 7));

        Assert.Equal([7, 8], scene.Show(0.2, Person(0.1f), Person(0.6f)));
    }

    [Fact]
    public void The_best_pairs_together_win_over_the_single_best_pair()
    {
        _scene.Show(0.2, Square(0.20f), Square(0.25f));
        _scene.Show(0.2, Square(0.20f), Square(0.25f));

        // The first track overlaps both; greedily it would take the nearer one and leave the second track alone.
        Assert.Equal([100, 101], _scene.Show(0.2, Square(0.16f), Square(0.215f)));
    }

    [Fact]
    public void Time_that_goes_back_ends_no_track()
    {
        _scene.Show(0.2, Person(0.1f));
        _scene.Show(0.2, Person(0.1f));

        Assert.Equal([100], _scene.Show(-3600, Person(0.1f)));
        Assert.Equal([100], _scene.Show(0, Person(0.1f)));
    }

    [Fact]
    public void The_number_of_tracks_is_bounded()
    {
        var tracker = new ObjectTracker(Settings with { ConfirmAfter = 1 }, firstTrackId: 0);
        var scene = new TrackedScene(tracker);
        for (var frame = 0; frame < 10; frame++)
        {
            var many = Enumerable.Range(0, 300).Select(i => new ObjectBox((frame * 300) + i, 0.9f, 0.4f, 0.4f, 0.1f, 0.1f));
            scene.Show(0.1, [.. many]);
        }

        Assert.Equal(ObjectTracker.MostTracks, tracker.TrackCount);
    }

    [Fact]
    public void Too_few_places_for_ids_are_refused() =>
        Assert.Throws<ArgumentException>(
            () => new ObjectTracker(Settings, 0).Update([Person(0)], DateTimeOffset.UnixEpoch, []));

    [Fact]
    public void Following_the_same_objects_allocates_nothing()
    {
        var tracker = new ObjectTracker(Settings, 0);
        ObjectBox[] objects = [Person(0.1f), Person(0.3f), Person(0.5f), Person(0.9f, confidence: 0.3f)];
        var ids = new long?[objects.Length];
        var time = DateTimeOffset.UnixEpoch;

        Assert.Equal(0, Allocations.PerRound(() => tracker.Update(objects, time = time.AddMilliseconds(200), ids)));
    }

    private static ObjectBox Person(float x, float y = 0.3f, float confidence = 0.9f) =>
        new(0, confidence, x, y, 0.08f, 0.35f);

    private static ObjectBox Square(float x) => new(0, 0.9f, x, 0.4f, 0.1f, 0.1f);
}
