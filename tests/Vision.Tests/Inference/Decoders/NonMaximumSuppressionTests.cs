using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using OrleansAiFleet.Vision.Inference;
using OrleansAiFleet.Vision.Inference.Decoders;

namespace OrleansAiFleet.Vision.Tests.Inference.Decoders;

[Properties(Arbitrary = [typeof(NonMaximumSuppressionTests)], MaxTest = 200)]
public sealed class NonMaximumSuppressionTests
{
    private const float Limit = 0.45f;

    [Property]
    public void No_two_kept_boxes_of_a_class_overlap_by_more_than_the_limit(ObjectBox[] boxes)
    {
        var kept = Keep(ToCandidates(boxes), most: 1000);

        for (var i = 0; i < kept.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var overlap = kept[i].ClassId == kept[j].ClassId ? ToCandidate(kept[i], 0).Iou(ToCandidate(kept[j], 0)) : 0;
                Assert.True(overlap <= Limit + 1e-5, $"{kept[i]} and {kept[j]} overlap by {overlap}.");
            }
        }
    }

    [Property]
    public void Every_dropped_box_overlaps_a_kept_one_that_is_at_least_as_confident(ObjectBox[] boxes)
    {
        var candidates = ToCandidates(boxes);
        var kept = Keep(candidates, most: 1000).Select(ToCandidate).ToArray();

        Assert.All(candidates, candidate => Assert.Contains(
            kept,
            box => box.ClassId == candidate.ClassId && box.Score >= candidate.Score && box.Iou(candidate) > Limit - 1e-5));
    }

    [Property]
    public void Keeping_again_keeps_the_same(ObjectBox[] boxes)
    {
        var once = Keep(ToCandidates(boxes), most: 1000);

        var twice = Keep(ToCandidates(once), most: 1000);

        Assert.Equal(once.Count, twice.Count);
        Assert.All(once.Zip(twice), pair => Assert.Equal(pair.First.X, pair.Second.X));
    }

    [Property]
    public void A_limit_gives_the_first_of_all(ObjectBox[] boxes) =>
        Assert.Equal(Keep(ToCandidates(boxes), most: 1000).Take(3), Keep(ToCandidates(boxes), most: 3));

    [Fact]
    public void Of_two_equal_boxes_the_first_in_the_output_is_kept()
    {
        Candidate first = new(0, 0.5f, 0.10f, 0.1f, 0.5f, 0.5f, Order: 0), second = new(0, 0.5f, 0.11f, 0.1f, 0.5f, 0.5f, Order: 1);

        Assert.Equal(0.10f, Assert.Single(Keep([second, first], most: 10)).X);
    }

    [Fact]
    public void Another_class_in_the_same_place_is_kept()
    {
        Candidate[] candidates = [new(0, 0.9f, 0.1f, 0.1f, 0.5f, 0.5f, 0), new(3, 0.8f, 0.1f, 0.1f, 0.5f, 0.5f, 1)];

        Assert.Equal([0, 3], Keep(candidates, most: 10).Select(box => box.ClassId));
    }

    /// <summary>Few classes and places, so that boxes do overlap, and few scores, so that they tie.</summary>
    public static Arbitrary<ObjectBox[]> Boxes() => Gen.ArrayOf(
            from classId in Gen.Choose(0, 2)
            from score in Gen.Choose(1, 10)
            from left in Gen.Choose(0, 15)
            from top in Gen.Choose(0, 15)
            from width in Gen.Choose(1, 10)
            from height in Gen.Choose(1, 10)
            select new ObjectBox(classId, score / 10f, left / 25f, top / 25f, width / 25f, height / 25f))
        .ToArbitrary();

    private static Candidate[] ToCandidates(IEnumerable<ObjectBox> boxes) => [.. boxes.Select(ToCandidate)];

    private static Candidate ToCandidate(ObjectBox box, int order) =>
        new(box.ClassId, box.Confidence, box.X, box.Y, box.X + box.Width, box.Y + box.Height, order);

    private static List<ObjectBox> Keep(Candidate[] candidates, int most)
    {
        var kept = new List<ObjectBox>();
        new NonMaximumSuppression().Keep([.. candidates], Limit, most, kept);
        return kept;
    }
}
