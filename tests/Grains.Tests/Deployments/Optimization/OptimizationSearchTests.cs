using FsCheck.Xunit;

using OrleansAiFleet.Deployments.Optimization;

namespace OrleansAiFleet.Grains.Tests.Deployments.Optimization;

public sealed class OptimizationSearchTests
{
    [Fact]
    public void Smaller_pictures_that_show_the_same_take_less_and_fewer_instances_do()
    {
        var row = new MeasuredWorld().Search()[^1];

        Assert.Equal(OptimizationPhase.Proposed, row.Progress.Phase);
        var proposed = row.Progress.Proposal!;
        Assert.Equal((480, 480, 1), (proposed.Configuration.Width, proposed.Configuration.Height, proposed.Configuration.Instances));
        Assert.Equal(row.Progress.Current, proposed.Before.Configuration);
        Assert.True(proposed.After.LatencyP95Milliseconds <= 200, $"{proposed.After}");
        Assert.Contains("97.0 % of objects as now in 40 frames", row.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_resolution_is_not_proposed_where_it_sees_less_or_nothing_was_there_to_see()
    {
        var proposed = new MeasuredWorld { Agreements = new() { [480] = 0.9, [320] = null } }.Search()[^1].Progress.Proposal;

        Assert.Equal(640, proposed?.Configuration.Width);
    }

    [Fact]
    public void Few_frames_with_objects_prove_nothing()
    {
        var world = new MeasuredWorld();
        var search = world.Search()[^1];
        var few = search.Standing.Measurements.Select(each => each with { ComparedFrames = 9 }).ToArray();

        Assert.Equal(640, OptimizationSearch.Propose(search with { Standing = new() { Measurements = few } })?.Configuration.Width ?? 640);
    }

    [Fact]
    public void Model_of_one_size_is_asked_for_one_other_and_no_more()
    {
        var rows = new MeasuredWorld { Agreements = [] }.Search();

        Assert.Single(rows[^1].Standing.Measurements, measured => measured.Configuration.Width != 640);
        Assert.Equal(TrialFault.Unusable, rows[^1].Standing.Measurements[1].Fault);
    }

    [Fact]
    public void Settings_of_now_are_measured_first_and_every_one_once()
    {
        var measured = new MeasuredWorld().Search()[^1].Standing.Measurements;

        Assert.Equal(new MeasuredWorld().Current, measured[0].Configuration);
        Assert.Equal(measured.Length, measured.DistinctBy(each => each.Configuration).Count());
    }

    [Fact]
    public void Instances_stay_where_the_fleet_does_not_decide_on_them()
    {
        var world = new MeasuredWorld();
        var row = (world with { Bounds = world.Bounds with { LeastInstances = 2, MostInstances = 2 } }).Search()[^1];

        Assert.Equal(OptimizationPhase.Proposed, row.Progress.Phase);
        Assert.All(row.Standing.Measurements, measured => Assert.Equal(2, measured.Configuration.Instances));
    }

    [Fact]
    public void Interval_changes_only_to_one_that_is_wished_for()
    {
        var world = new MeasuredWorld();

        Assert.All(world.Search()[^1].Standing.Measurements, measured => Assert.Equal(1, measured.Configuration.IntervalSeconds));
        var longer = (world with { Wish = world.Wish with { Intervals = [5] } }).Search()[^1].Progress.Proposal!;
        Assert.Equal(5, longer.Configuration.IntervalSeconds);
    }

    [Fact]
    public void Most_frames_takes_the_shortest_interval_that_keeps_to_the_target()
    {
        var world = new MeasuredWorld { Current = new() { Instances = 1, BatchSize = 1, Width = 640, Height = 640, IntervalSeconds = 4 } };
        var row = (world with { Wish = world.Wish with { Goal = OptimizationGoal.MostFrames, Intervals = [1, 2, 8] } }).Search()[^1];

        Assert.Equal((OptimizationPhase.Proposed, 1), (row.Progress.Phase, row.Progress.Proposal!.Configuration.IntervalSeconds));
        Assert.True(row.Progress.Proposal.After.FramesPerSecond > row.Progress.Proposal.Before.FramesPerSecond);
    }

    [Fact]
    public void Larger_batches_are_not_proposed_where_they_take_longer_than_is_wanted()
    {
        var row = new MeasuredWorld
        {
            Wish = new() { LatencyTargetMilliseconds = 210 }, Agreements = [], Bounds = new() { MostInstances = 2, Cameras = 10, MostBatch = 8 },
        }.Search()[^1];

        // Four at once would take the least, and 250 ms.
        Assert.Equal((2, 2), (row.Progress.Proposal!.Configuration.BatchSize, row.Progress.Proposal.Configuration.Instances));
        Assert.Contains(row.Standing.Measurements, measured => measured.Configuration.BatchSize == 4);
    }

    [Fact]
    public void What_no_settings_keep_to_is_said_with_the_nearest()
    {
        var row = new MeasuredWorld { Wish = new() { LatencyTargetMilliseconds = 5 } }.Search()[^1];

        Assert.Equal(OptimizationPhase.NothingToGain, row.Progress.Phase);
        Assert.Null(row.Progress.Proposal);
        Assert.Contains("keeps to 5 ms", row.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Gain_that_is_within_the_noise_is_none()
    {
        var row = new MeasuredWorld { Agreements = [], More = 0.95, Bounds = new() { MostInstances = 1, Cameras = 4 }, Current = new() { Width = 640, Height = 640, IntervalSeconds = 1 } }.Search()[^1];

        Assert.Equal(OptimizationPhase.NothingToGain, row.Progress.Phase);
        Assert.Contains("better by a tenth", row.Progress.Reason, StringComparison.Ordinal);
    }

    [Property(MaxTest = 500)]
    public void Whatever_is_measured_what_is_proposed_keeps_to_what_is_wanted_and_is_no_worse(
        byte milliseconds, byte more, byte agreement, byte target, byte instances, byte interval, bool mostFrames)
    {
        var world = new MeasuredWorld
        {
            Milliseconds = 1 + milliseconds,
            More = more / 255.0,
            Agreements = new() { [480] = agreement / 255.0, [320] = agreement / 300.0 },
            Current = new() { Instances = 1 + (instances % 3), BatchSize = 1 + (more % 5), Width = 640, Height = 640, IntervalSeconds = interval % 4 },
            Wish = new()
            {
                LatencyTargetMilliseconds = 1 + (2 * target), Intervals = [1, 3], Goal = mostFrames ? OptimizationGoal.MostFrames : OptimizationGoal.LeastLoad,
            },
            Bounds = new() { MostInstances = 3, MostBatch = 8, Cameras = 8 },
        };

        var rows = world.Search();
        var (row, measured) = (rows[^1], rows[^1].Standing.Measurements);

        // Never without an end, never twice, and never more than an hour of it.
        Assert.True(row.IsSettled && row.Progress.Reason.Length > 0);
        Assert.InRange(measured.Length, 1, 1 + 2 + (3 * 4) + 8);
        Assert.Equal(measured.Length, measured.DistinctBy(each => each.Configuration).Count());
        if (row.Progress.Proposal is { } proposal)
        {
            Assert.Contains(proposal.After, measured);
            Assert.True(OptimizationSearch.Keeps(row, proposal.After), $"{proposal.After}");
            Assert.True(
                !OptimizationSearch.Keeps(row, proposal.Before)
                || proposal.Configuration.IntervalSeconds < proposal.Before.Configuration.IntervalSeconds
                || proposal.Configuration.Instances < proposal.Before.Configuration.Instances
                || OptimizationSearch.Load(proposal.After) < OptimizationSearch.Load(proposal.Before),
                $"{proposal}");
        }

        // A silo that dies at any point is followed by one that asks for the same.
        Assert.All(rows.Zip(rows.Skip(1)).SkipLast(1), pair =>
            Assert.Equal(pair.Second.Standing.Measurements[^1].Configuration, OptimizationSearch.Next(pair.First)));
    }
}
