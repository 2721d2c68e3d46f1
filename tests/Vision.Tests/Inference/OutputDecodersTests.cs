using FsCheck.Xunit;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

[Properties(Arbitrary = [typeof(Scene)], MaxTest = 40)]
public sealed class OutputDecodersTests
{
    private const float Tolerance = 2e-4f;

    [Property]
    public void Yolov5_gives_back_the_objects_put_in(Scene scene) => AssertGivenBack(DecoderKind.Yolov5, scene.Objects);

    [Property]
    public void Yolov8_gives_back_the_objects_put_in(Scene scene) => AssertGivenBack(DecoderKind.Yolov8, scene.Objects);

    [Property]
    public void Transposed_yolov8_gives_back_the_objects_put_in(Scene scene) =>
        AssertGivenBack(DecoderKind.Yolov8, scene.Objects, rowMajor: true);

    [Property]
    public void End_to_end_gives_back_the_objects_put_in(Scene scene) =>
        AssertGivenBack(DecoderKind.EndToEnd, scene.Objects);

    [Property]
    public void Yolox_gives_back_the_objects_put_in(Scene scene) => AssertGivenBack(DecoderKind.Yolox, scene.Objects);

    [Property]
    public void Ssd_gives_back_the_objects_put_in_and_no_background(Scene scene) =>
        AssertGivenBack(DecoderKind.Ssd, scene.Objects, classes: Scene.Classes + 1, firstClass: 1);

    [Property]
    public void Yunet_gives_back_the_faces_put_in(Scene scene) =>
        AssertGivenBack(
            DecoderKind.Yunet, [.. scene.Objects.Select(box => box with { ClassId = 0 })], classes: 1);

    [Theory]
    [MemberData(nameof(Detectors))]
    public void Nothing_below_the_threshold_comes_out(DecoderKind kind)
    {
        ObjectBox[] objects = [Box(0, 0.4f, 0.1f), Box(0, 0.8f, 0.6f)];

        var found = Decode(kind, SyntheticHead.Encode(kind, objects), threshold: 0.5f, picture: 1);

        Assert.Equal(0.8f, Assert.Single(found).Confidence, Tolerance);
        Assert.Empty(Decode(kind, SyntheticHead.Encode(kind, objects), threshold: 0.5f, picture: 0));
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public void A_box_over_the_edge_is_clipped_and_one_outside_is_dropped(DecoderKind kind)
    {
        ObjectBox[] objects = [new(0, 0.8f, -0.1f, 0.3f, 0.3f, 0.3f), new(0, 0.7f, 0.5f, 0.85f, 0.2f, 0.25f)];

        var found = Decode(kind, SyntheticHead.Encode(kind, objects), threshold: 0.5f, picture: 1);

        Assert.Equal(2, found.Count);
        Assert.Equal(0, found[0].X);
        Assert.Equal(0.2f, found[0].Width, Tolerance);
        Assert.Equal(1, found[1].Y + found[1].Height, Tolerance);

        ObjectBox[] outside = [new(0, 0.8f, 0.3f, -0.045f, 0.2f, 0.04f)];
        Assert.Empty(Decode(kind, SyntheticHead.Encode(kind, outside), threshold: 0.5f, picture: 1));
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public void Values_that_are_no_numbers_never_become_objects(DecoderKind kind)
    {
        foreach (var junk in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var outputs = SyntheticHead.Encode(kind, [Box(0, 0.8f, 0.1f)]);
            var spoilt = outputs.Outputs with
            {
                Tensors = [.. outputs.Outputs.Tensors.Select(tensor => Fill(tensor.Length, junk))],
            };

            var found = new List<ObjectBox>();
            Create(kind, outputs).Decode(spoilt, 1, SyntheticHead.Transform, 0, found);

            Assert.Empty(found);
        }
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public void Decoding_again_allocates_nothing(DecoderKind kind)
    {
        var head = SyntheticHead.Encode(kind, [Box(0, 0.4f, 0.1f), Box(0, 0.8f, 0.6f)]);
        var (decoder, outputs, found) = (Create(kind, head), head.Outputs, new List<ObjectBox>(16));

        Assert.Equal(0, Allocations.PerRound(() =>
        {
            found.Clear();
            decoder.Decode(outputs, 1, SyntheticHead.Transform, 0.3f, found);
        }));
    }

    [Fact]
    public void The_most_confident_come_first_up_to_the_limit()
    {
        ObjectBox[] objects = [Box(0, 0.5f, 0.05f), Box(0, 0.9f, 0.35f), Box(0, 0.7f, 0.65f)];
        var head = SyntheticHead.Encode(DecoderKind.Yolov8, objects);
        var profile = SyntheticHead.Profile(DecoderKind.Yolov8, Scene.Classes) with { MaxDetections = 2 };
        var found = new List<ObjectBox>();

        OutputDecoders.Create(profile, head.Contract).Decode(head.Outputs, 1, SyntheticHead.Transform, 0.3f, found);

        Assert.Equal([0.9f, 0.7f], found.Select(box => box.Confidence));
    }

    [Fact]
    public void Outputs_that_the_decoder_cannot_read_are_refused_at_the_start()
    {
        var head = SyntheticHead.Encode(DecoderKind.Yolov8, []);

        var refusal = Assert.Throws<ArgumentException>(
            () => OutputDecoders.Create(SyntheticHead.Profile(DecoderKind.Yolov8, Scene.Classes + 1), head.Contract));

        Assert.Contains($"[?, {Scene.Classes + 4}, {SyntheticHead.Cells}]", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<DecoderKind> Detectors() =>
        new(Enum.GetValues<DecoderKind>().Where(kind => kind != DecoderKind.Classifier));

    private static ObjectBox Box(int classId, float confidence, float x) => new(classId, confidence, x, 0.3f, 0.2f, 0.3f);

    private static ReadOnlyMemory<float> Fill(int length, float value) => Enumerable.Repeat(value, length).ToArray();

    private static IOutputDecoder Create(DecoderKind kind, SyntheticHead head) => OutputDecoders.Create(
        SyntheticHead.Profile(
            kind, kind switch { DecoderKind.Yunet => 1, DecoderKind.Ssd => Scene.Classes + 1, _ => Scene.Classes }),
        head.Contract);

    private static List<ObjectBox> Decode(DecoderKind kind, SyntheticHead head, float threshold, int picture)
    {
        var found = new List<ObjectBox>();
        Create(kind, head).Decode(head.Outputs, picture, SyntheticHead.Transform, threshold, found);
        return found;
    }

    private static void AssertGivenBack(
        DecoderKind kind,
        IReadOnlyList<ObjectBox> objects,
        bool rowMajor = false,
        int classes = Scene.Classes,
        int firstClass = 0)
    {
        var head = SyntheticHead.Encode(kind, objects, rowMajor);
        var decoder = OutputDecoders.Create(SyntheticHead.Profile(kind, classes), head.Contract);
        var found = new List<ObjectBox>();

        decoder.Decode(head.Outputs, 1, SyntheticHead.Transform, 0.3f, found);

        ObjectBox[] wanted = [.. objects.OrderByDescending(box => box.Confidence)];
        Assert.Equal(wanted.Length, found.Count);
        foreach (var (box, back) in wanted.Zip(found))
        {
            Assert.Equal(box.ClassId + firstClass, back.ClassId);
            Assert.Equal(box.Confidence, back.Confidence, Tolerance);
            Assert.Equal(box.X, back.X, Tolerance);
            Assert.Equal(box.Y, back.Y, Tolerance);
            Assert.Equal(box.Width, back.Width, Tolerance);
            Assert.Equal(box.Height, back.Height, Tolerance);
        }
    }
}
