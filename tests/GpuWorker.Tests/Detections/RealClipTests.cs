using OrleansAiFleet.Detections;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.GpuWorker.Tests.Detections;

/// <summary>Real clips through the whole worker, from the file to the booked detection: what is known to be seen in them.</summary>
public sealed class RealClipTests
{
    private static readonly ModelConfiguration Yolox = new()
    {
        Decoder = "yolox",
        ColorOrder = "bgr",
        Resize = "letterbox_top_left",
        Scale = [1],
    };

    // On the right a car is parked beside the road from the first frame to the last.
    private const float EdgeOfTheRoad = 0.9f;

    [RealDataFact]
    public async Task People_who_come_one_by_one_are_there_when_they_are_and_are_two_tracks()
    {
        var clip = await PlayAsync("person-one-by-one-640x360-10fps.mp4", threshold: 0.45f);

        AssertEveryFrameIsBooked(clip, decoded: 500);
        Assert.All(clip.Frames, frame => Assert.InRange(People(frame), 0, 1));

        // Between these, half a second on either side of coming and going is left to the model.
        Assert.All(clip.Between(0, 5.8), frame => Assert.Equal(0, People(frame)));
        Assert.All(clip.Between(6.8, 18.8), frame => Assert.Equal(1, People(frame)));
        Assert.All(clip.Between(19.8, 22.3), frame => Assert.Equal(0, People(frame)));
        Assert.All(clip.Between(23.3, 43.8), frame => Assert.Equal(1, People(frame)));
        Assert.All(clip.Between(45.1, 50), frame => Assert.Equal(0, People(frame)));
        Assert.InRange(LongestGap(clip.Between(6.8, 19.6), clip.SamplingFps), 0, 0.3);

        var tracks = clip.Tracks("person");
        Assert.Equal(2, tracks.Length);
        Assert.Equal((tracks[0], tracks[1]), (clip.TrackAt(12, "person"), clip.TrackAt(33, "person")));
    }

    [RealDataFact]
    public async Task Worker_is_seen_all_the_time()
    {
        var clip = await PlayAsync("worker-hardhat-vest-640x360-15fps.mp4", threshold: 0.45f, samplingFps: 0);

        AssertEveryFrameIsBooked(clip, decoded: 213);
        var seen = clip.Frames.Count(frame => People(frame) > 0);
        Assert.True(seen >= 0.95 * clip.Frames.Count, $"a person in {seen} of {clip.Frames.Count} frames");
    }

    [RealDataFact]
    public async Task Aisle_is_never_without_two_or_three_people()
    {
        var clip = await PlayAsync("store-aisle-3people-640x360-15fps.mp4", threshold: 0.4f);

        AssertEveryFrameIsBooked(clip, decoded: 134);
        Assert.All(clip.Frames, frame => Assert.InRange(People(frame), 2, 3));
        Assert.Contains(clip.Between(1.5, 4.4), frame => People(frame) == 3);
    }

    [RealDataFact]
    public async Task Irregular_clip_loses_no_frame_and_its_road_empties_when_the_last_car_is_gone()
    {
        var clip = await PlayAsync("street-vehicles-vfr.mp4", threshold: 0.45f);

        AssertEveryFrameIsBooked(clip, decoded: 905);
        var busy = clip.Between(0, 30.5);
        var empty = clip.Between(31, 37.7);
        Assert.InRange(busy.Count(IsBusy), 0.98 * busy.Count, busy.Count);
        Assert.InRange(empty.Count(IsBusy), 0, 0.02 * empty.Count);
    }

    private static async Task<PlayedClip> PlayAsync(string clip, float threshold, double samplingFps = 5) => await PlayedClip.PlayAsync(
        RealData.PathOf("clips/" + clip),
        RealData.PathOf("models/yolox_nano_416.onnx"),
        Yolox,
        await File.ReadAllLinesAsync(RealData.PathOf("labels/coco80.txt")),
        threshold,
        samplingFps);

    private static void AssertEveryFrameIsBooked(PlayedClip clip, int decoded)
    {
        Assert.Null(clip.End.Problem);
        Assert.Equal(decoded, clip.Book.Decoded);
        Assert.Equal(decoded, clip.Book.Inferred + clip.Book.SkippedInAll);
        Assert.All(clip.Book.Skipped.Keys, reason => Assert.Equal(SkipReason.Sampling, reason));
    }

    private static int People(Detection[] frame) => frame.Count(found => found.ClassName == "person");

    private static bool IsBusy(Detection[] frame) =>
        frame.Any(found => found.ClassName is "car" or "truck" or "bus" && found.X + (found.Width / 2) < EdgeOfTheRoad);

    // Of frames without anybody between frames with somebody.
    private static double LongestGap(IReadOnlyList<Detection[]> frames, double fps)
    {
        var seen = frames.Index().Where(frame => People(frame.Item) > 0).Select(frame => frame.Index).ToList();
        return seen.Zip(seen.Skip(1), (before, after) => after - before - 1).Max() / fps;
    }
}
