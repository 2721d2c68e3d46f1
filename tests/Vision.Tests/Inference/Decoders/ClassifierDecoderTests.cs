using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference.Decoders;

public sealed class ClassifierDecoderTests
{
    [Fact]
    public void Logits_go_through_softmax()
    {
        var found = Decode([1, 3], [2, 0, 4], threshold: 0.1f);

        Assert.Equal([2, 0], found.Select(box => box.ClassId));
        Assert.Equal(Math.Exp(4) / (Math.Exp(4) + Math.Exp(2) + 1), found[0].Confidence, 1e-5);
        Assert.Equal(new ObjectBox(2, found[0].Confidence, 0, 0, 1, 1), found[0]);
    }

    [Fact]
    public void Probabilities_stay_as_they_are()
    {
        var found = Decode([1, 3, 1, 1], [0.1f, 0.7f, 0.2f], threshold: 0.15f);

        Assert.Equal([(1, 0.7f), (2, 0.2f)], found.Select(box => (box.ClassId, box.Confidence)));
    }

    [Fact]
    public void At_most_five_classes_come_out()
    {
        float[] probabilities = [0.12f, 0.13f, 0.14f, 0.15f, 0.16f, 0.17f, 0.13f];

        var found = Decode([1, 7], probabilities, threshold: 0);

        Assert.Equal([5, 4, 3, 2, 1], found.Select(box => box.ClassId));
    }

    [Fact]
    public void Values_that_are_no_numbers_are_passed_over()
    {
        Assert.Equal([1], Decode([1, 3], [float.NaN, 5, float.PositiveInfinity], threshold: 0.5f).Select(box => box.ClassId));
        Assert.Empty(Decode([1, 2], [float.NaN, float.NaN], threshold: 0));
    }

    private static List<ObjectBox> Decode(int[] shape, float[] values, float threshold)
    {
        var contract = new ModelContract(
            [new TensorContract("input", TensorType.Real32, [1, 3, 32, 32])],
            [new TensorContract("output", TensorType.Real32, shape)],
            new Dictionary<string, string>());
        var profile = SyntheticHead.Profile(DecoderKind.Classifier, shape[1]) with { ConfidenceThreshold = 0 };
        var found = new List<ObjectBox>();
        OutputDecoders.Create(profile, contract)
            .Decode(new OutputSet([values], [shape]), 0, SyntheticHead.Transform, threshold, found);
        return found;
    }
}
