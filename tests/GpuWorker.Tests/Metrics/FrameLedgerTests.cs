using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.GpuWorker.Tests.Metrics;

public sealed class FrameLedgerTests
{
    private static readonly Guid Deployment = Guid.NewGuid();

    [Fact]
    public async Task Frame_is_booked_with_everything_that_was_measured()
    {
        using var bench = new LedgerBench();
        var outcome = new FrameOutcome
        {
            QueueMilliseconds = 1,
            PreprocessMilliseconds = 2,
            InferMilliseconds = 10,
            PostprocessMilliseconds = 3,
        };

        bench.Ledger.Decoded(Deployment, LedgerBench.Noon);
        await bench.Ledger.InferredAsync(Deployment, LedgerBench.Noon, outcome, 17, new(LedgerBench.Objects(4), []), default);
        await bench.FlushAsync();

        var report = Assert.Single(bench.Reports);
        var totals = report.Totals;
        Assert.Equal((new WindowKey(Deployment, LedgerBench.Noon), bench.Ledger.Reporter, 1), (report.Window, report.Reporter, report.Sequence));
        Assert.Equal((1, 1, 0, 4), (totals.FramesDecoded, totals.FramesInferred, totals.FramesSkipped.Sum(), totals.Detections));
        Assert.Equal((1, 2, 3), (totals.QueueMillisecondsSum, totals.PreprocessMillisecondsSum, totals.PostprocessMillisecondsSum));
        Assert.Equal((10, 17, 2), (totals.InferenceTime.Sum, totals.Latency.Sum, totals.ConfidenceSum));
        Assert.Equal(4, bench.Detections.Count());
    }

    [Theory]
    [InlineData(SkipReason.Failed, nameof(FrameError.Preprocessing), 1, 0, 0, 0, 0)]
    [InlineData(SkipReason.Failed, nameof(FrameError.Inference), 0, 1, 0, 0, 0)]
    [InlineData(SkipReason.Failed, nameof(FrameError.Postprocessing), 0, 0, 1, 0, 0)]
    [InlineData(SkipReason.TimedOut, nameof(FrameError.Timeout), 0, 0, 0, 1, 0)]
    [InlineData(SkipReason.TimedOut, nameof(FrameError.None), 0, 0, 0, 1, 0)]
    [InlineData(SkipReason.Failed, nameof(FrameError.Memory), 0, 0, 0, 0, 1)]
    [InlineData(SkipReason.Sampling, nameof(FrameError.None), 0, 0, 0, 0, 0)]
    public async Task Skipped_frame_counts_by_its_reason_and_its_error(
        SkipReason reason, string error, long preprocessing, long inference, long postprocessing, long timeouts, long memory)
    {
        using var bench = new LedgerBench();

        bench.Ledger.Decoded(Deployment, LedgerBench.Noon);
        bench.Ledger.Skipped(Deployment, LedgerBench.Noon, reason, Enum.Parse<FrameError>(error));
        await bench.FlushAsync();

        var totals = Assert.Single(bench.Reports).Totals;
        Assert.Equal((1, 1), (totals.FramesSkipped[(int)reason], totals.FramesSkipped.Sum()));
        Assert.Equal(
            (preprocessing, inference, postprocessing, timeouts, memory),
            (totals.PreprocessingErrors, totals.InferenceErrors, totals.PostprocessingErrors, totals.TimeoutErrors, totals.MemoryErrors));
    }

    [Fact]
    public async Task Frames_go_to_the_window_of_their_own_time()
    {
        using var bench = new LedgerBench();
        var end = LedgerBench.Noon + WindowKey.Length;

        bench.Ledger.Decoded(Deployment, LedgerBench.Noon);
        bench.Ledger.Decoded(Deployment, end.AddTicks(-1));
        bench.Ledger.Decoded(Deployment, end);
        bench.Ledger.Decoded(Deployment, LedgerBench.Noon.AddTicks(-1).ToOffset(TimeSpan.FromHours(5)));
        await bench.FlushAsync();

        Assert.Equal(
            [(LedgerBench.Noon - WindowKey.Length, 1L), (LedgerBench.Noon, 2L), (end, 1L)],
            bench.Reports.OrderBy(report => report.Window.Start).Select(report => (report.Window.Start, report.Totals.FramesDecoded)));
    }

    [Fact]
    public async Task Reports_are_totals_with_growing_sequences_and_say_nothing_where_nothing_happened()
    {
        using var bench = new LedgerBench();

        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 2);
        await bench.FlushAsync();
        await bench.FlushAsync();
        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 3);
        await bench.FlushAsync();

        Assert.Equal([(1L, 2L), (2L, 5L)], bench.Reports.Select(report => (report.Sequence, report.Totals.Detections)));
        Assert.Equal([2, 3], bench.Written.Select(batch => batch.Detections.Count));
    }

    [Fact]
    public async Task Every_report_counts_exactly_the_detections_handed_over_up_to_it()
    {
        using var bench = new LedgerBench();
        var deployments = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(camera => Task.Run(async () =>
        {
            for (var frame = 0; frame < 2000; frame++)
            {
                var deployment = deployments[(camera + frame) % deployments.Length];
                bench.Ledger.Decoded(deployment, LedgerBench.Noon);
                if (frame % 4 == 0)
                {
                    bench.Ledger.Skipped(deployment, LedgerBench.Noon, SkipReason.NoMotion);
                }
                else
                {
                    await BookAsync(bench, deployment, frame % 5);
                }

                if (frame % 50 == camera)
                {
                    await bench.FlushAsync();
                }
            }
        })));
        await bench.FlushAsync();

        var handedOver = deployments.ToDictionary(id => id, _ => 0L);
        foreach (var batch in bench.Written)
        {
            foreach (var detection in batch.Detections)
            {
                handedOver[detection.DeploymentId]++;
            }

            Assert.All(batch.Reports, report => Assert.Equal(handedOver[report.Window.DeploymentId], report.Totals.Detections));
            Assert.All(batch.Reports, report => Assert.True(
                report.Totals.FramesDecoded >= report.Totals.FramesInferred + report.Totals.FramesSkipped.Sum()));
        }

        var last = bench.Reports.GroupBy(report => report.Window).Select(window => window.Last().Totals).ToList();
        Assert.Equal(16_000, last.Sum(totals => totals.FramesDecoded));
        Assert.Equal(12_000, last.Sum(totals => totals.FramesInferred));
        Assert.Equal(4_000, last.Sum(totals => totals.FramesSkipped[(int)SkipReason.NoMotion]));
        Assert.Equal(bench.Detections.Count(), last.Sum(totals => totals.Detections));
        Assert.True(bench.Written.Count > 100, $"only {bench.Written.Count} batches: nothing was flushed meanwhile");
    }

    [Fact]
    public async Task What_the_store_did_not_take_goes_first_with_the_next_flush()
    {
        using var bench = new LedgerBench();
        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 2);
        bench.Store = _ => throw new OperationCanceledException();
        await Assert.ThrowsAsync<OperationCanceledException>(() => bench.FlushAsync().AsTask());

        bench.Store = _ => Task.CompletedTask;
        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 1);
        await bench.FlushAsync();

        Assert.Equal([2, 1], bench.Written.Select(batch => batch.Detections.Count));
        Assert.Equal([2L, 3L], bench.Reports.Select(report => report.Totals.Detections));
    }

    [Fact]
    public async Task Whoever_books_waits_while_the_store_takes_nothing_and_books_nothing_when_it_gives_up()
    {
        using var bench = new LedgerBench(new() { PendingDetections = 10 });
        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 10);
        using var patience = new CancellationTokenSource();
        var impatient = bench.Ledger.InferredAsync(
            Deployment, LedgerBench.Noon, new FrameOutcome(), 1, new(LedgerBench.Objects(5), []), patience.Token).AsTask();
        var patient = bench.InferAsync(Deployment, LedgerBench.Noon, objects: 1).AsTask();

        Assert.False(patient.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        await bench.FlushAsync();
        await patient.WaitAsync(TimeSpan.FromSeconds(30));
        await bench.FlushAsync();

        Assert.Equal(11, bench.Detections.Count());
        Assert.Equal(11, bench.Reports.Last().Totals.Detections);
    }

    [Fact]
    public async Task Loop_flushes_by_its_interval_and_at_once_when_there_is_much()
    {
        using var bench = new LedgerBench(new() { FlushDetections = 50 });
        await bench.Ledger.StartAsync(CancellationToken.None);

        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 49);
        Assert.Empty(bench.Written);
        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 1);
        await Poll.UntilAsync(() => bench.Detections.Count() == 50, () => $"{bench.Detections.Count()} detections");

        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 1);
        await Poll.UntilAsync(
            () =>
            {
                bench.Time.Advance(TimeSpan.FromMilliseconds(200));
                return bench.Detections.Count() == 51;
            },
            () => $"{bench.Detections.Count()} detections");

        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 1);
        await bench.Ledger.StopAsync(CancellationToken.None);
        Assert.Equal(52, bench.Detections.Count());
    }

    private static ValueTask BookAsync(LedgerBench bench, Guid deployment, int objects) =>
        bench.Ledger.InferredAsync(
            deployment,
            LedgerBench.Noon,
            new FrameOutcome(),
            1,
            new([.. LedgerBench.Objects(objects).Select(detection => detection with { DeploymentId = deployment })], []),
            CancellationToken.None);
}
