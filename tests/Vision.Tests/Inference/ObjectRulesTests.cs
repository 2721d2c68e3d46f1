using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

public sealed class ObjectRulesTests
{
    private static readonly (float X, float Y)[] LeftHalf = [(0, 0), (0.5f, 0), (0.5f, 1), (0, 1)];
    private static readonly (float X, float Y)[] Notch = [(0, 0), (1, 0), (1, 1), (0.5f, 0.5f), (0, 1)];

    [Theory]
    [InlineData(0.1f, 0.1f, true)]
    [InlineData(0.6f, 0.1f, false)]
    [InlineData(0.35f, 0.1f, true)]
    [InlineData(0.45f, 0.1f, false)]
    public void Object_is_where_the_middle_of_its_lower_side_is(float x, float y, bool counts)
    {
        var rules = new ObjectRules(["person"], [], [LeftHalf], []);

        Assert.Equal(counts, rules.Counts(Box(x, y, 0.2f, 0.2f)));
        Assert.Equal(!counts, new ObjectRules(["person"], [], [], [LeftHalf]).Counts(Box(x, y, 0.2f, 0.2f)));
    }

    [Theory]
    [InlineData(0.5f, 0.3f, true)]
    [InlineData(0.5f, 0.9f, false)]
    [InlineData(0.1f, 0.8f, true)]
    [InlineData(0.9f, 0.8f, true)]
    public void Zone_may_have_a_notch(float x, float y, bool counts) =>
        Assert.Equal(counts, new ObjectRules(["person"], [], [Notch], []).Counts(Box(x - 0.01f, y - 0.02f, 0.02f, 0.02f)));

    [Fact]
    public void Excluding_zone_goes_before_an_including_one() =>
        Assert.False(new ObjectRules(["person"], [], [Notch], [LeftHalf]).Counts(Box(0.1f, 0.1f, 0.1f, 0.1f)));

    [Theory]
    [InlineData(0.05f, false)]
    [InlineData(0.1f, true)]
    [InlineData(0.5f, true)]
    [InlineData(0.9f, false)]
    public void Boxes_that_are_too_small_or_too_large_do_not_count(float side, bool counts) =>
        Assert.Equal(counts, new ObjectRules(["person"], [], [], [], minArea: 0.0099f, maxArea: 0.25f).Counts(Box(0, 0, side, side)));

    [Fact]
    public void Classes_have_names_and_thresholds_of_their_own_and_may_be_left_out()
    {
        var rules = new ObjectRules(["worker", null, "truck"], [0.3f, null, 0.9f], [], []);

        Assert.Equal(["worker", null, "truck", "3"], Enumerable.Range(0, 4).Select(rules.NameOf));
        Assert.False(rules.Counts(Box(0, 0, 1, 1) with { ClassId = 1 }));
        Assert.Equal([0.3f, 0.5f, 0.9f, 0.5f], Enumerable.Range(0, 4).Select(id => rules.ThresholdOf(id, 0.5f)));
        Assert.Equal((0.3f, 0.2f), (rules.LowestThreshold(0.5f), rules.LowestThreshold(0.2f)));
    }

    [Fact]
    public void Rules_that_say_nothing_change_nothing()
    {
        var rules = ObjectRules.Of(["person"]);

        Assert.True(rules.Counts(Box(-1, 2, 0, 9)));
        Assert.Equal(("person", 0.4f), (rules.NameOf(0), rules.ThresholdOf(0, 0.4f)));
    }

    private static ObjectBox Box(float x, float y, float width, float height) => new(0, 0.9f, x, y, width, height);
}
