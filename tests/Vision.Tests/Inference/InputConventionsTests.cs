using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

public sealed class InputConventionsTests
{
    [Fact]
    public void Usual_way_comes_first_and_no_way_twice()
    {
        var ways = Plausible(Contract());

        Assert.Equal(14, ways.Count);
        Assert.Equal(ColorOrder.Rgb, ways[0].Input.ColorOrder);
        Assert.Equal(ways.Count, ways.Select(way => way.Name).Distinct().Count());
    }

    [Fact]
    public void Every_way_resolves_to_what_it_says()
    {
        foreach (var way in Plausible(Contract()))
        {
            var spec = ProfileResolver.Resolve(Contract(), way.Overrides).Profile!.Input;

            Assert.Equal((way.Input.ColorOrder, way.Input.Resize), (spec.ColorOrder, spec.Resize));
            Assert.Equal((way.Input.Mean, way.Input.Scale), (spec.Mean, spec.Scale), (left, right) =>
                left.Mean.SequenceEqual(right.Mean) && left.Scale.SequenceEqual(right.Scale));
        }
    }

    [Fact]
    public void What_the_owner_says_is_not_varied()
    {
        var ways = Plausible(Contract(), new ProfileOverrides { ColorOrder = "bgr", Mean = [5], Resize = "stretch" });

        Assert.Equal((ColorOrder.Bgr, 5f), (Assert.Single(ways).Input.ColorOrder, ways[0].Input.Mean[0]));
    }

    [Fact]
    public void Exporter_that_is_known_leaves_nothing_open() =>
        Assert.Single(Plausible(Contract(metadata: new() { ["stride"] = "32", ["names"] = "['a', 'b', 'c']" })));

    [Fact]
    public void Bytes_go_in_as_they_are() =>
        Assert.Single(Plausible(Contract(type: TensorType.Byte)));

    [Fact]
    public void Grey_pictures_have_no_order_of_colours() =>
        Assert.All(Plausible(Contract(channels: 1)), way => Assert.Equal((ColorOrder.Gray, 1), (way.Input.ColorOrder, way.Input.Mean.Count)));

    private static IReadOnlyList<InputConvention> Plausible(ModelContract contract, ProfileOverrides? overrides = null)
    {
        overrides ??= new ProfileOverrides();
        return InputConventions.Plausible(contract, overrides, ProfileResolver.Resolve(contract, overrides).Profile!);
    }

    private static ModelContract Contract(
        TensorType type = TensorType.Real32, int channels = 3, Dictionary<string, string>? metadata = null) => new(
        [new TensorContract("images", type, [1, channels, 416, 416])],
        [new TensorContract("output", TensorType.Real32, [1, 7, 3549])],
        metadata ?? []);
}
