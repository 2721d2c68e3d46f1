using FsCheck.Xunit;
using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Detections;

[Properties(MaxTest = 60)]
public sealed class TrackerPropertyTests
{
    private static readonly TrackerSettings Settings = new(
        HighConfidence: 0.5f, MatchIou: 0.3f, LostFor: TimeSpan.FromSeconds(2), ConfirmAfter: 2);

    [Property]
    public void A_walker_at_uneven_times_with_wavering_boxes_is_one_track(int seed)
    {
        var random = new Random(seed);
        var scene = new TrackedScene(new ObjectTracker(Settings, 0));
        var (x, y) = (0.1f + (0.1f * random.NextSingle()), 0.1f + (0.3f * random.NextSingle()));
        var (speedX, speedY) = (0.12f * random.NextSingle(), 0.06f * random.NextSingle());
        for (var i = 0; i < 25; i++)
        {
            var seconds = 0.1 + (0.3 * random.NextDouble());
            (x, y) = (x + (speedX * (float)seconds), y + (speedY * (float)seconds));
            var ids = scene.Show(seconds, Wavering(random, x, y));

            Assert.Equal([i == 0 ? null : 0], ids);
        }
    }

    [Property]
    public void Walkers_who_cross_under_noise_keep_their_ids(int seed)
    {
        var random = new Random(seed);
        var scene = new TrackedScene(new ObjectTracker(Settings, 0));
        var speed = 0.05f + (0.06f * random.NextSingle());
        for (var i = 0; i < 40; i++)
        {
            var way = speed * 0.2f * i;
            var ids = scene.Show(0.2, Wavering(random, 0.3f + way, 0.30f), Wavering(random, 0.6f - way, 0.36f));

            Assert.True(i == 0 || ids is [0, 1], $"Frame {i}: {string.Join(", ", ids)}");
        }
    }

    [Property]
    public void Ids_are_never_shared_and_the_same_frames_give_the_same_ids(int seed)
    {
        var (first, second) = (Run(seed), Run(seed));

        Assert.Equal(first, second);
        Assert.All(first, ids => Assert.Equal(ids.Count(id => id is not null), ids.Where(id => id is not null).Distinct().Count()));
    }

    private static List<long?[]> Run(int seed)
    {
        var random = new Random(seed);
        var scene = new TrackedScene(new ObjectTracker(Settings, 0));
        return [.. Enumerable.Range(0, 30).Select(_ => scene.Show(0.2, Any(random)))];
    }

    private static ObjectBox[] Any(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(12)).Select(_ => new ObjectBox(
            random.Next(2),
            random.NextSingle(),
            0.8f * random.NextSingle(),
            0.8f * random.NextSingle(),
            0.05f + (0.15f * random.NextSingle()),
            0.05f + (0.15f * random.NextSingle()))),
    ];

    // Up to four hundredths of the box's own size, as a detector's boxes do from frame to frame.
    private static ObjectBox Wavering(Random random, float x, float y)
    {
        const float Width = 0.08f;
        const float Height = 0.35f;
        return new ObjectBox(0, 0.9f, x + (Width * Waver()), y + (Height * Waver()), Width * (1 + Waver()), Height * (1 + Waver()));

        float Waver() => 0.08f * (random.NextSingle() - 0.5f);
    }
}
