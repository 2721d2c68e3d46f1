using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class CameraStreamTests
{
    [Fact]
    public async Task Clip_is_inferred_frame_by_frame_and_ends()
    {
        await using var bench = new StreamBench();
        var plan = StreamBench.Plan(Clips.Moving(seconds: 2, fps: 10));

        var stream = bench.Start(plan);
        await StreamBench.EndedAsync(stream);
        await stream.DisposeAsync();

        var book = bench.Ledger[plan.Subscriptions[0].DeploymentId];
        Assert.Equal((20, 20, 0), (book.Decoded, book.Inferred, book.SkippedInAll));
        Assert.Equal(book.FrameTimes.Order(), book.FrameTimes);
        Assert.Equal(20, book.FrameTimes.Distinct().Count());
        Assert.All(book.Detections, detection => Assert.Equal("person", detection.ClassName));
        Assert.Equal(20, book.Detections.Select(detection => detection.Id).Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, 20).Select(number => (long)number), book.Detections.Select(detection => detection.FrameNumber));
        Assert.All(bench.Models.Requests, request => Assert.False(request.MaySupersede));
    }

    [Fact]
    public async Task Batch_size_of_a_deployment_goes_with_its_frames()
    {
        await using var bench = new StreamBench();
        var plan = StreamBench.Plan(Clips.Moving());

        await StreamBench.EndedAsync(bench.Start(plan with { Subscriptions = [plan.Subscriptions[0] with { BatchSize = 6 }] }));

        Assert.All(bench.Models.Requests, request => Assert.Equal(6, request.MaximumBatch));
    }

    [Fact]
    public async Task Weak_objects_are_asked_for_and_not_stored()
    {
        await using var bench = new StreamBench();
        var plan = StreamBench.Plan(Clips.Moving());

        await StreamBench.EndedAsync(bench.Start(plan));

        Assert.All(bench.Models.Requests, request => Assert.Equal(0.25f, request.ConfidenceThreshold));
        Assert.All(bench.Ledger[plan.Subscriptions[0].DeploymentId].Detections, detection => Assert.True(detection.Confidence >= 0.5f));
    }

    [Fact]
    public async Task Deployment_gets_a_frame_in_so_many_seconds_and_another_one_all()
    {
        await using var bench = new StreamBench();
        var all = StreamBench.Plan(Clips.Moving(seconds: 4, fps: 10));
        var seldom = all.Subscriptions[0] with { DeploymentId = Guid.NewGuid(), IntervalSeconds = 2 };
        var plan = all with { Subscriptions = [all.Subscriptions[0], seldom] };

        var stream = bench.Start(plan);
        await StreamBench.EndedAsync(stream);
        await stream.DisposeAsync();

        var (every, few) = (bench.Ledger[plan.Subscriptions[0].DeploymentId], bench.Ledger[seldom.DeploymentId]);
        Assert.Equal((40, 40, 0), (every.Decoded, every.Inferred, every.SkippedInAll));
        Assert.Equal((40, 2, 38), (few.Decoded, few.Inferred, few.Skipped.GetValueOrDefault(SkipReason.Sampling)));
        Assert.Equal([0L, 20L], few.Detections.Select(detection => detection.FrameNumber));
    }

    [Fact]
    public async Task Frames_left_out_by_sampling_are_counted_to_the_last()
    {
        await using var bench = new StreamBench();
        var plan = StreamBench.Plan(Clips.Moving(seconds: 3, fps: 30), camera => camera with { SamplingFps = 5 });

        var stream = bench.Start(plan);
        await StreamBench.EndedAsync(stream);
        await stream.DisposeAsync();

        var book = bench.Ledger[plan.Subscriptions[0].DeploymentId];
        Assert.Equal((90, 15, 75), (book.Decoded, book.Inferred, book.Skipped[SkipReason.Sampling]));
        Assert.Equal(90, stream.GetStatus().FramesDecoded);
    }

    [Fact]
    public async Task Still_frames_are_booked_once_for_every_deployment_and_reach_no_model()
    {
        await using var bench = new StreamBench { Moves = frame => frame.Number % 2 == 0 };
        var plan = StreamBench.Plan(Clips.Moving(), camera => camera with { SamplingMode = SamplingMode.Motion });
        plan = plan with { Subscriptions = [.. plan.Subscriptions, StreamBench.Subscription("B")] };

        var stream = bench.Start(plan);
        await StreamBench.EndedAsync(stream);
        await stream.DisposeAsync();

        foreach (var subscription in plan.Subscriptions)
        {
            var book = bench.Ledger[subscription.DeploymentId];
            Assert.Equal((20, 10, 10), (book.Decoded, book.Inferred, book.Skipped[SkipReason.NoMotion]));
        }
    }

    [Fact]
    public async Task Live_camera_goes_on_decoding_while_its_model_loads()
    {
        await using var bench = new StreamBench();
        var loading = new TaskCompletionSource();
        bench.Models.Loading = loading.Task;
        var plan = Live(Clips.Moving(seconds: 2, fps: 25), loop: true);
        var deployment = plan.Subscriptions[0].DeploymentId;

        var stream = bench.Start(plan);
        await Eventually.TrueAsync(
            () => bench.Ledger[deployment].Skipped.GetValueOrDefault(SkipReason.ModelNotReady) > 5, stream.GetStatus);
        loading.SetResult();
        await Eventually.TrueAsync(() => bench.Ledger[deployment].Inferred > 5, stream.GetStatus);

        Assert.Equal(StreamState.Running, stream.GetStatus().State);
    }

    [Fact]
    public async Task Slow_model_holds_few_live_frames_and_sums_agree_after_the_stop()
    {
        await using var bench = new StreamBench();
        var inferring = new TaskCompletionSource();
        bench.Models.Inferring = inferring.Task;
        var plan = Live(Clips.Moving(seconds: 2, fps: 25), loop: true);
        var deployment = plan.Subscriptions[0].DeploymentId;

        var stream = bench.Start(plan);
        await Eventually.TrueAsync(
            () => bench.Ledger[deployment].Skipped.GetValueOrDefault(SkipReason.QueueFull) > 5, stream.GetStatus);
        await stream.DisposeAsync();

        var book = bench.Ledger[deployment];
        Assert.Equal(bench.Settings.LiveCredits, bench.Models.MostInFlight);
        Assert.Equal(book.Decoded, book.Inferred + book.SkippedInAll);
        Assert.Equal(bench.Settings.LiveCredits, book.Skipped[SkipReason.Stopped]);
        Assert.Equal(StreamState.Stopped, stream.GetStatus().State);
        Assert.All(bench.Models.Requests, request => Assert.True(request.MaySupersede));
    }

    [Fact]
    public async Task Recording_waits_for_a_slow_model_and_loses_nothing()
    {
        await using var bench = new StreamBench();
        bench.Models.FrameTime = TimeSpan.FromMilliseconds(30);
        var plan = StreamBench.Plan(Clips.Moving(seconds: 6, fps: 10));

        var stream = bench.Start(plan);
        await StreamBench.EndedAsync(stream);
        await stream.DisposeAsync();

        var book = bench.Ledger[plan.Subscriptions[0].DeploymentId];
        Assert.Equal((60, 60, 0), (book.Decoded, book.Inferred, book.SkippedInAll));
        Assert.InRange(bench.Models.MostInFlight, 1, bench.Settings.RecordingCredits);
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(5, 0.2)]
    public async Task Tracks_of_a_recording_go_by_its_own_time_and_not_by_the_models_pace(double samplingFps, double seconds)
    {
        await using var bench = new StreamBench();
        List<DateTimeOffset> times = [];
        var parts = bench.Parts with { Vision = new() { Tracker = (_, _) => (_, time, _) => times.Add(time) } };
        var plan = StreamBench.Plan(Clips.Moving(seconds: 2, fps: 10), camera => camera with { SamplingFps = samplingFps });

        await using (var stream = new CameraStream(plan, "silo", parts))
        {
            await StreamBench.EndedAsync(stream);
        }

        Assert.Equal(2 / seconds, times.Count);
        Assert.All(times.Zip(times.Skip(1), (before, after) => after - before), step => Assert.Equal(seconds, step.TotalSeconds, 0.001));
    }

    [Fact]
    public async Task Frames_come_in_the_working_size_with_even_sides()
    {
        await using var bench = new StreamBench();
        var plan = StreamBench.Plan(Clips.Moving(width: 320, height: 180), camera => camera with { WorkingSize = 100 });

        await StreamBench.EndedAsync(bench.Start(plan));

        Assert.All(bench.Models.Frames, frame => Assert.Equal((100, 56), (frame.Width, frame.Height)));
    }

    [Fact]
    public async Task Live_file_plays_in_real_time_and_loops()
    {
        await using var bench = new StreamBench();
        var plan = Live(Clips.Moving(seconds: 1, fps: 10), loop: true);
        var deployment = plan.Subscriptions[0].DeploymentId;
        var start = TimeProvider.System.GetTimestamp();

        var stream = bench.Start(plan);
        await Eventually.TrueAsync(() => bench.Ledger[deployment].Decoded >= 25, stream.GetStatus);

        Assert.True(TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(2));
        Assert.Single(bench.Children.Running);
    }

    internal static CameraPlan Live(string source, bool loop = false) =>
        StreamBench.Plan(source, camera => camera with { Pace = CameraPace.Live, Loop = loop });
}
