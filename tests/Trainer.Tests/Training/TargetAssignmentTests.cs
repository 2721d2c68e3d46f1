using OrleansAiFleet.Trainer.Training;

namespace OrleansAiFleet.Trainer.Tests.Training;

public sealed class TargetAssignmentTests
{
    private static readonly DetectorLayout Layout = new(256, 256, Classes: 1);

    [Theory]
    [InlineData(20, 8)]
    [InlineData(48, 8)]
    [InlineData(49, 16)]
    [InlineData(112, 16)]
    [InlineData(113, 32)]
    [InlineData(250, 32)]
    public void Longer_side_decides_the_head(float side, int stride)
    {
        var owned = Owned(new TrainingBox(0, 128 - (side / 2), 120, side, 16)).Distinct().ToList();

        Assert.Equal([stride], owned.Select(cell => cell.Stride).Distinct());
    }

    [Theory]
    [InlineData(56, 56, 16, 16, 4)]
    [InlineData(40, 40, 48, 48, 4)]
    [InlineData(48, 48, 40, 40, 9)]
    [InlineData(52, 52, 16, 16, 1)]
    [InlineData(48, 52, 40, 16, 3)]
    public void Cells_near_the_centre_and_inside_the_box_learn_it(float x, float y, float width, float height, int cells) =>
        Assert.Equal(cells, Owned(new TrainingBox(0, x, y, width, height)).Count);

    [Fact]
    public void Object_smaller_than_a_cell_has_the_one_its_centre_lies_in()
    {
        var cell = Assert.Single(Owned(new TrainingBox(0, 17, 25, 2, 2)));

        Assert.Equal(new DetectorCell(8, 20, 28), cell);
    }

    [Fact]
    public void Where_two_objects_meet_the_smaller_has_the_cell()
    {
        var large = new TrainingBox(0, 40, 40, 48, 48);
        var small = new TrainingBox(0, 66, 66, 4, 4);

        foreach (var boxes in new[] { new[] { large, small }, [small, large] })
        {
            var owners = TargetAssignment.Assign(Layout.Cells, boxes);
            var cell = Layout.Cells.Index().Single(item => item.Item == new DetectorCell(8, 68, 68)).Index;
            Assert.Equal(small, boxes[owners[cell]]);
            Assert.Contains(owners, owner => owner >= 0 && boxes[owner] == large);
        }
    }

    [Fact]
    public void Without_objects_no_cell_learns_one() => Assert.All(TargetAssignment.Assign(Layout.Cells, []), owner => Assert.Equal(-1, owner));

    private static List<DetectorCell> Owned(TrainingBox box) =>
        [.. TargetAssignment.Assign(Layout.Cells, [box]).Zip(Layout.Cells).Where(pair => pair.First == 0).Select(pair => pair.Second)];
}
