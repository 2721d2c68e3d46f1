using FsCheck.Xunit;

using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.Grains.Tests.Cameras;

public sealed class CameraAssignmentTests
{
    private static readonly string[] Workers = ["a", "b", "c"];

    [Fact]
    public void Without_workers_nothing_is_assigned() =>
        Assert.Empty(CameraAssignment.Spread([], new Dictionary<Guid, string>(), [Guid.NewGuid()]));

    [Fact]
    public void New_camera_goes_to_the_emptiest_worker()
    {
        var camera = Guid.NewGuid();
        var placed = new Dictionary<Guid, string> { [Guid.NewGuid()] = "a", [Guid.NewGuid()] = "c" };

        var assignment = CameraAssignment.Spread(Workers, placed, [camera]);

        Assert.Equal("b", assignment[camera]);
    }

    [Fact]
    public void Cameras_of_a_silo_that_is_no_worker_do_not_count()
    {
        var camera = Guid.NewGuid();
        var placed = new Dictionary<Guid, string> { [Guid.NewGuid()] = "gone" };

        Assert.Equal("a", CameraAssignment.Spread(Workers, placed, [camera])[camera]);
    }

    [Property]
    public void Every_camera_gets_a_worker_and_no_worker_more_than_one_above_the_emptiest(byte workers, byte cameras)
    {
        var names = Enumerable.Range(0, (workers % 10) + 1).Select(number => $"worker {number}").ToArray();
        var unplaced = Enumerable.Range(0, cameras).Select(_ => Guid.NewGuid()).ToArray();

        var assignment = CameraAssignment.Spread(names, new Dictionary<Guid, string>(), unplaced);

        Assert.Equal(cameras, assignment.Count);
        var load = names.Select(name => assignment.Values.Count(worker => worker == name)).ToArray();
        Assert.InRange(load.Max() - load.Min(), 0, 1);
    }

    [Property]
    public void Same_question_gives_the_same_answer(byte cameras, byte[] placed)
    {
        var unplaced = Enumerable.Range(0, cameras).Select(_ => Guid.NewGuid()).ToArray();
        var running = placed.ToDictionary(_ => Guid.NewGuid(), worker => Workers[worker % Workers.Length]);

        var first = CameraAssignment.Spread(Workers, running, unplaced);
        var second = CameraAssignment.Spread([.. Workers.Reverse()], running, unplaced);

        Assert.Equal(first, second);
    }
}
