using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class CameraPlanChangeTests
{
    private readonly CameraPlan _plan = CameraStreamTests.Live(Clips.Moving(seconds: 2, fps: 25), loop: true);

    [Fact]
    public async Task Changed_threshold_and_a_new_deployment_do_not_restart_the_decoder()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var decoder = Assert.Single(bench.Children.Running);
        var second = StreamBench.Subscription("B");

        stream.Apply(Changed(_plan.Subscriptions[0] with { ConfidenceThreshold = 0.2f }, second));
        await Eventually.TrueAsync(() => bench.Ledger[second.DeploymentId].Inferred > 3, stream.GetStatus);
        await Eventually.TrueAsync(
            () => bench.Ledger[_plan.Subscriptions[0].DeploymentId].Detections.Any(one => one.Confidence < 0.5f), stream.GetStatus);

        Assert.Equal(decoder, Assert.Single(bench.Children.Running));
    }

    [Fact]
    public async Task Detections_are_sent_from_when_the_plan_says_where_to_and_the_decoder_runs_on()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var decoder = Assert.Single(bench.Children.Running);
        var subscription = _plan.Subscriptions[0];

        await Eventually.TrueAsync(() => bench.Ledger[subscription.DeploymentId].Detections.Count > 3, stream.GetStatus);
        Assert.Empty(bench.Ledger[subscription.DeploymentId].Outgoing);
        stream.Apply(Changed(subscription with { Destinations = [new() { Name = "all" }, new() { Name = "none", Classes = ["nothing"] }] }));
        await Eventually.TrueAsync(() => bench.Ledger[subscription.DeploymentId].Outgoing.Count > 3, stream.GetStatus);

        var book = bench.Ledger[subscription.DeploymentId];
        Assert.All(book.Outgoing, outgoing => Assert.Equal("all", outgoing.Destination));
        var sent = book.Outgoing.Select(outgoing => outgoing.DetectionId).ToArray();
        Assert.Equal(sent, book.Detections.Select(detection => detection.Id).Where(sent.Contains));
        Assert.Equal(decoder, Assert.Single(bench.Children.Running));
    }

    [Fact]
    public async Task Changed_size_restarts_the_decoder()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var decoder = Assert.Single(bench.Children.Running);

        stream.Apply(_plan with { Revision = "2", Camera = _plan.Camera with { WorkingSize = 160 } });
        await Eventually.TrueAsync(() => bench.Models.Frames.Any(frame => frame.Width == 160), stream.GetStatus);

        Assert.NotEqual(decoder, Assert.Single(bench.Children.Running));
        Assert.Equal(0, stream.GetStatus().ReconnectsLastHour);
    }

    [Fact]
    public async Task Plan_of_the_same_revision_changes_nothing()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var decoder = Assert.Single(bench.Children.Running);

        stream.Apply(_plan with { Camera = _plan.Camera with { WorkingSize = 160 } });
        var seen = bench.Models.Frames.Count;
        await Eventually.TrueAsync(() => bench.Models.Frames.Count > seen + 5, stream.GetStatus);

        Assert.Equal(decoder, Assert.Single(bench.Children.Running));
    }

    [Fact]
    public async Task New_model_is_loaded_before_the_old_one_is_given_up()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);

        stream.Apply(Changed(StreamBench.Subscription("B", _plan.Subscriptions[0].DeploymentId)));
        await Eventually.TrueAsync(() => bench.Models.Events.Contains("unload A"), () => string.Join(", ", bench.Models.Events));

        Assert.Equal(["load A", "load B", "unload A"], bench.Models.Events);
        Assert.Null(stream.GetStatus().Problem);
    }

    [Fact]
    public async Task Rules_for_objects_change_on_the_way_without_another_model_and_without_a_lost_frame()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var before = _plan.Subscriptions[0];
        var ruled = before.Model with
        {
            Configuration = before.Model.Configuration with
            {
                Postprocessing = new() { ClassThresholds = new() { ["car"] = 0.25 }, ClassMap = new() { ["car"] = "truck", ["person"] = "" } },
            },
        };

        stream.Apply(Changed(before with { Model = ruled }));
        await Eventually.TrueAsync(
            () => bench.Ledger[before.DeploymentId].Detections.Any(one => one.ClassName == "truck"), stream.GetStatus);
        var found = bench.Ledger[before.DeploymentId].Detections.SkipWhile(one => one.ClassName != "truck").ToArray();

        Assert.All(found, one => Assert.Equal("truck", one.ClassName));
        Assert.Equal(["load A"], bench.Models.Events);
        Assert.Equal(0, bench.Ledger[before.DeploymentId].SkippedInAll);
    }

    [Fact]
    public async Task Another_way_of_decoding_loads_the_version_anew_before_the_old_way_is_given_up()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var before = _plan.Subscriptions[0];

        stream.Apply(Changed(before with { Model = before.Model with { Configuration = new() { NmsIou = 0.6 } } }));
        await Eventually.TrueAsync(() => bench.Models.Events.Contains("unload A"), () => string.Join(", ", bench.Models.Events));

        Assert.Equal(["load A", "load A", "unload A"], bench.Models.Events);
        Assert.Equal(0, bench.Ledger[before.DeploymentId].SkippedInAll);
    }

    [Fact]
    public async Task Model_that_cannot_be_loaded_leaves_the_old_one_serving_and_says_why()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var broken = StreamBench.Subscription("B", _plan.Subscriptions[0].DeploymentId);
        bench.Models.Broken[broken.Model.ModelId] = "its hash is wrong";

        stream.Apply(Changed(broken));
        await Eventually.TrueAsync(() => stream.GetStatus().Problem is not null, stream.GetStatus);
        var inferred = bench.Ledger[broken.DeploymentId].Inferred;
        await Eventually.TrueAsync(() => bench.Ledger[broken.DeploymentId].Inferred > inferred + 5, stream.GetStatus);

        Assert.Contains("its hash is wrong", stream.GetStatus().Problem, StringComparison.Ordinal);
        Assert.Equal(["load A"], bench.Models.Events);
    }

    [Fact]
    public async Task Model_that_stands_by_is_loaded_gets_no_frame_and_takes_over_without_a_lost_one()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var first = _plan.Subscriptions[0];
        var second = StreamBench.Subscription("B") with { Mode = SubscriptionMode.Standby };
        stream.Apply(Changed(first, second));
        await Eventually.TrueAsync(() => stream.GetStatus().Ready.Contains(second.DeploymentId), stream.GetStatus);
        var before = bench.Ledger[first.DeploymentId].Inferred;
        await Eventually.TrueAsync(() => bench.Ledger[first.DeploymentId].Inferred > before + 5, stream.GetStatus);
        Assert.Equal(0, bench.Ledger[second.DeploymentId].Decoded);
        Assert.Equal([first.DeploymentId], stream.GetStatus().Live);

        for (var i = 0; i < 10; i++)
        {
            var (live, waits) = i % 2 == 0 ? (second, first) : (first, second);
            stream.Apply(Changed(live with { Mode = SubscriptionMode.Live }, waits with { Mode = SubscriptionMode.Standby }) with { Revision = $"{i}" });
            var seen = bench.Ledger[live.DeploymentId].Inferred;
            await Eventually.TrueAsync(() => bench.Ledger[live.DeploymentId].Inferred > seen + 2, stream.GetStatus);
        }

        var (one, other) = (bench.Ledger[first.DeploymentId], bench.Ledger[second.DeploymentId]);
        Assert.Equal(["load A", "load B"], bench.Models.Events);
        Assert.Equal(0, one.SkippedInAll + other.SkippedInAll);
        Assert.InRange(stream.GetStatus().FramesDecoded - one.Decoded - other.Decoded, 0, 1);
    }

    [Fact]
    public async Task Camera_is_never_blind_while_the_model_that_is_to_look_is_not_loaded()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var second = StreamBench.Subscription("B");
        var first = _plan.Subscriptions[0] with { Mode = SubscriptionMode.Standby, StandsInFor = second.DeploymentId };
        bench.Models.Broken[second.Model.ModelId] = "its hash is wrong";

        stream.Apply(Changed(first, second));
        var seen = bench.Ledger[first.DeploymentId].Inferred;
        await Eventually.TrueAsync(() => bench.Ledger[first.DeploymentId].Inferred > seen + 10, stream.GetStatus);
        Assert.Equal([first.DeploymentId], stream.GetStatus().Live);
        Assert.Equal(0, bench.Ledger[second.DeploymentId].Decoded);
        bench.Models.Broken.Clear();
        await Eventually.TrueAsync(() => bench.Ledger[second.DeploymentId].Inferred > 3, stream.GetStatus);

        Assert.Equal([second.DeploymentId], stream.GetStatus().Live);
        Assert.Equal(0, bench.Ledger[first.DeploymentId].SkippedInAll + bench.Ledger[second.DeploymentId].SkippedInAll);
    }

    [Fact]
    public async Task Shadow_looks_at_the_same_frames_and_nobody_is_told_what_it_finds()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var shadow = StreamBench.Subscription("B", threshold: 0.2f);
        var trial = new CameraTrial { RolloutId = shadow.DeploymentId, SlotSeconds = 1 };
        var live = _plan.Subscriptions[0] with { Trial = trial };
        shadow = shadow with { Mode = SubscriptionMode.Shadow, StandsInFor = live.DeploymentId, Trial = trial };
        await bench.TrialBooks.StartAsync(CancellationToken.None);

        stream.Apply(Changed(live, shadow));
        await Eventually.TrueAsync(() => bench.Trials.Samples.Sum(sample => sample.Totals.FramesPaired) >= 30, stream.GetStatus);
        Assert.Equal([live.DeploymentId], stream.GetStatus().Live);
        await stream.DisposeAsync();
        await bench.TrialBooks.StopAsync(CancellationToken.None);

        var samples = bench.Trials.Samples.ToLookup(sample => sample.DeploymentId, sample => sample.Totals);
        var (seen, unseen) = (samples[live.DeploymentId].ToList(), samples[shadow.DeploymentId].ToList());
        Assert.Equal((0, 0), (bench.Ledger[shadow.DeploymentId].Decoded, bench.Ledger[shadow.DeploymentId].Inferred));
        Assert.InRange(unseen.Sum(totals => totals.FramesInferred), 30, long.MaxValue);
        Assert.Equal(2.0, (double)unseen.Sum(totals => totals.Detections) / unseen.Sum(totals => totals.FramesInferred));
        Assert.Equal(1.0, (double)seen.Sum(totals => totals.Detections) / seen.Sum(totals => totals.FramesInferred));
        Assert.InRange(unseen.Sum(totals => totals.FramesPaired), 30, long.MaxValue);
        Assert.Equal(2, (double)unseen.Sum(totals => totals.ObjectsFound) / unseen.Sum(totals => totals.ObjectsAlike));
        Assert.Equal(unseen.Sum(totals => totals.Detections), bench.Trials.Found.Count);
        Assert.All(bench.Trials.Found, found => Assert.Equal((trial.RolloutId, shadow.DeploymentId), (found.RolloutId, found.Detection.DeploymentId)));
    }

    [Fact]
    public async Task Deployment_that_leaves_the_plan_gets_no_more_frames_and_gives_its_model_up()
    {
        await using var bench = new StreamBench();
        var stream = await RunningAsync(bench);
        var second = StreamBench.Subscription("B");

        stream.Apply(Changed(second));
        await Eventually.TrueAsync(() => bench.Models.Events.Contains("unload A"), stream.GetStatus);
        var first = bench.Ledger[_plan.Subscriptions[0].DeploymentId];
        await Eventually.TrueAsync(() => bench.Ledger[second.DeploymentId].Inferred > 5, stream.GetStatus);

        Assert.Equal(first.Decoded, bench.Ledger[_plan.Subscriptions[0].DeploymentId].Decoded);
        Assert.Equal(first.Decoded, first.Inferred + first.SkippedInAll);
    }

    private CameraPlan Changed(params CameraSubscription[] subscriptions) =>
        _plan with { Revision = Guid.NewGuid().ToString(), Subscriptions = subscriptions };

    private async Task<GpuWorker.Cameras.CameraStream> RunningAsync(StreamBench bench)
    {
        var stream = bench.Start(_plan);
        await Eventually.TrueAsync(() => bench.Ledger[_plan.Subscriptions[0].DeploymentId].Inferred > 3, stream.GetStatus);
        return stream;
    }
}
