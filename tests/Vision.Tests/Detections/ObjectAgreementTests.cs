using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Detections;

public sealed class ObjectAgreementTests
{
    private static readonly ObjectBox Person = new(0, 0.9f, 0.1f, 0.1f, 0.2f, 0.4f);
    private static readonly ObjectBox Other = new(0, 0.8f, 0.6f, 0.1f, 0.2f, 0.4f);

    [Fact]
    public void Same_objects_are_alike_in_whatever_order()
    {
        Assert.Equal(new(2, 2), Of([Person, Other], [Other, Person]));
        Assert.Equal(new(0, 0), Of([], []));
        Assert.Equal(new(0, 2), Of([Person, Other], []));
    }

    [Fact]
    public void Boxes_that_overlap_by_less_than_half_are_two_objects()
    {
        // Moved by a third of its width, the overlap is (2/3) / (4/3) = 1/2.
        Assert.Equal(new(1, 1), Of([Person], [Person with { X = 0.1f + 0.066f }]));
        Assert.Equal(new(0, 2), Of([Person], [Person with { X = 0.1f + 0.068f }]));
    }

    [Fact]
    public void Another_class_is_another_object() => Assert.Equal(new(0, 2), Of([Person], [Person with { ClassId = 1 }]));

    [Fact]
    public void Each_object_is_in_one_pair_and_the_best_overlap_comes_first()
    {
        var near = Person with { X = 0.12f };

        Assert.Equal(new(1, 2), Of([Person, near], [Person]));
        Assert.Equal(new(2, 2), Of([Person, near], [near, Person]));
    }

    private static ObjectAgreement Of(ObjectBox[] left, ObjectBox[] right) =>
        ObjectAgreement.Of(left, right, (i, j) => left[i].ClassId == right[j].ClassId);
}
