using OrleansAiFleet.Inference;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Grains.Tests.Metrics;

public sealed class WindowPolicyTests
{
    private static readonly DateTimeOffset Late = Reports.Window.End.AddSeconds(30);

    [Fact]
    public void Row_says_which_window_of_which_deployment_it_is()
    {
        var row = WindowPolicy.Row(Reports.Window, new(), before: null, close: false, Late);

        Assert.Equal(Reports.Window.RowId, row.Id);
        Assert.Equal(Reports.Window.DeploymentId, row.DeploymentId);
        Assert.Equal(Reports.Window.Start, row.MetricTimestamp);
        Assert.Equal(5, row.CollectionPeriodMinutes);
    }

    [Fact]
    public void Rates_go_by_the_whole_window_once_it_ended()
    {
        var row = WindowPolicy.Row(Reports.Window, Reports.Totals(600), before: null, close: true, Late);

        Assert.Equal(2.00m, row.ThroughputFps);
        Assert.Equal(7200.00m, row.DetectionRatePerHour);
        Assert.Equal(600, row.TotalDetections);
        Assert.Equal(0.75m, row.ConfidenceScoreAvg);
    }

    [Fact]
    public void Rates_of_an_open_window_go_by_the_time_so_far()
    {
        var row = WindowPolicy.Row(
            Reports.Window, Reports.Totals(600), before: null, close: false, Reports.Window.Start.AddMinutes(1));

        Assert.Equal(10.00m, row.ThroughputFps);
        Assert.Null(row.ClosedAt);
    }

    [Fact]
    public void Times_are_averages_and_quantiles_in_milliseconds()
    {
        var row = WindowPolicy.Row(Reports.Window, Reports.Totals(600), before: null, close: true, Late);

        Assert.Equal(8.000m, row.InferenceTimeAvgMs);
        Assert.InRange(row.InferenceTimeP95Ms!.Value, 7.92m, 8.08m);
        Assert.InRange(row.LatencyP95Ms!.Value, 19.8m, 20.2m);
        Assert.Equal((2.000m, 0.500m, 0.250m), (row.QueueTimeAvgMs, row.PreprocessTimeAvgMs, row.PostprocessTimeAvgMs));
    }

    [Fact]
    public void Frames_stand_under_their_reason()
    {
        var totals = new WindowTotals { FramesDecoded = 100, FramesInferred = 1, FramesSkipped = [2, 3, 4, 5, 6, 7, 8, 9] };

        var row = WindowPolicy.Row(Reports.Window, totals, before: null, close: false, Late);

        long[] skipped =
        [
            row.FramesSkippedSampling, row.FramesSkippedNoMotion, row.FramesSkippedSuperseded, row.FramesSkippedQueueFull,
            row.FramesSkippedTimedOut, row.FramesSkippedModelNotReady, row.FramesSkippedFailed, row.FramesSkippedStopped,
        ];
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], skipped);
        Assert.Equal(Enum.GetValues<SkipReason>().Length, skipped.Length);
        Assert.Equal((100, 1), (row.FramesDecoded, row.FramesInferred));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 55)]
    public void Frames_are_lost_only_once_the_window_is_closed(bool close, long lost)
    {
        var totals = new WindowTotals { FramesDecoded = 100, FramesInferred = 1, FramesSkipped = [2, 3, 4, 5, 6, 7, 8, 9] };

        var row = WindowPolicy.Row(Reports.Window, totals, before: null, close, Late);

        Assert.Equal(lost, row.FramesLost);
    }

    [Fact]
    public void Errors_are_counted_by_kind_and_as_a_share_of_all_frames_tried()
    {
        var totals = new WindowTotals
        {
            FramesInferred = 85,
            PreprocessingErrors = 1,
            InferenceErrors = 2,
            PostprocessingErrors = 3,
            TimeoutErrors = 4,
            MemoryErrors = 5,
        };

        var row = WindowPolicy.Row(Reports.Window, totals, before: null, close: true, Late);

        Assert.Equal((1, 2, 3), (row.PreprocessingErrors, row.InferenceErrors, row.PostprocessingErrors));
        Assert.Equal((4, 5, 15), (row.TimeoutErrors, row.MemoryErrors, row.TotalErrors));
        Assert.Equal(15.00m, row.ErrorRatePercentage);
    }

    [Fact]
    public void Resources_are_percent_gigabytes_and_megabytes()
    {
        var totals = new WindowTotals
        {
            CpuPercent = default(Gauge).With(20).With(60),
            MemoryBytes = default(Gauge).With(1.5e9).With(2.5e9),
            GpuPercent = default(Gauge).With(33),
            GpuMemoryBytes = default(Gauge).With(4e9),
            DiskReadBytes = 12_345_678,
            DiskWriteBytes = 1_000_000,
        };

        var row = WindowPolicy.Row(Reports.Window, totals, before: null, close: true, Late);

        Assert.Equal((40.00m, 60.00m), (row.CpuUtilizationAvg, row.CpuUtilizationMax));
        Assert.Equal((2.00m, 2.50m), (row.MemoryUsageAvgGb, row.MemoryUsageMaxGb));
        Assert.Equal((33.00m, 33.00m), (row.GpuUtilizationAvg, row.GpuUtilizationMax));
        Assert.Equal((4.00m, 4.00m), (row.GpuMemoryUsageAvgGb, row.GpuMemoryUsageMaxGb));
        Assert.Equal((12.35m, 1.00m), (row.DiskIoReadMb, row.DiskIoWriteMb));
    }

    [Fact]
    public void What_was_not_measured_is_null_and_not_zero()
    {
        var row = WindowPolicy.Row(Reports.Window, new(), before: null, close: true, Late);

        Assert.Null(row.ConfidenceScoreAvg);
        Assert.Null(row.InferenceTimeAvgMs);
        Assert.Null(row.InferenceTimeP95Ms);
        Assert.Null(row.LatencyP95Ms);
        Assert.Null(row.QueueTimeAvgMs);
        Assert.Null(row.CpuUtilizationAvg);
        Assert.Null(row.GpuUtilizationAvg);
        Assert.Null(row.GpuMemoryUsageMaxGb);
        Assert.Null(row.ErrorRatePercentage);
    }

    [Fact]
    public void What_a_pipeline_cannot_know_is_null()
    {
        var row = WindowPolicy.Row(Reports.Window, Reports.Totals(600), before: null, close: true, Late);

        Assert.All(
            new object?[]
            {
                row.AccuracyPercentage, row.PrecisionPercentage, row.RecallPercentage, row.F1Score, row.TruePositives,
                row.FalsePositives, row.TrueNegatives, row.FalseNegatives, row.NetworkBandwidthUsageMbps,
                row.ApiRequestsPerMinute, row.NetworkLatencyMs, row.AnomalyDetectionCount, row.CostPerInference,
            },
            Assert.Null);
    }

    [Fact]
    public void Value_beyond_its_column_is_held_at_the_columns_limit()
    {
        var totals = Reports.Totals(1) with
        {
            QueueMillisecondsSum = 1e12,
            ConfidenceSum = double.NaN,
            Detections = 5_000_000_000,
            CpuPercent = default(Gauge).With(1e9),
        };

        var row = WindowPolicy.Row(Reports.Window, totals, before: null, close: true, Late);

        Assert.Equal(99_999.999m, row.QueueTimeAvgMs);
        Assert.Equal(999.99m, row.CpuUtilizationMax);
        Assert.Equal(int.MaxValue, row.TotalDetections);
        Assert.Null(row.ConfidenceScoreAvg);
    }

    [Fact]
    public void Amended_row_stays_closed_and_created_when_it_was()
    {
        var closed = WindowPolicy.Row(Reports.Window, Reports.Totals(10), before: null, close: true, Late);

        var amended = WindowPolicy.Row(Reports.Window, Reports.Totals(20), closed, close: false, Late.AddMinutes(1));

        Assert.Equal((closed.ClosedAt, closed.CreatedAt), (amended.ClosedAt, amended.CreatedAt));
        Assert.Equal(Late.AddMinutes(1), amended.CalculatedAt);
        Assert.Equal(20, amended.FramesInferred);
    }

    [Fact]
    public void Row_id_is_the_same_for_the_same_window_and_another_for_every_other()
    {
        var next = new WindowKey(Reports.Window.DeploymentId, Reports.Window.End);
        var other = new WindowKey(Guid.NewGuid(), Reports.Window.Start);

        Assert.Equal(Reports.Window.RowId, WindowKey.Parse(Reports.Window.ToString()).RowId);
        Assert.Equal(8, Reports.Window.RowId.Version);
        Assert.Equal(3, new[] { Reports.Window.RowId, next.RowId, other.RowId }.Distinct().Count());
    }
}
