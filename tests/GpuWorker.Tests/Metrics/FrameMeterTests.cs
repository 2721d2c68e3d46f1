using System.Diagnostics.Metrics;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Tests.Cameras;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Metrics;

public sealed class FrameMeterTests : IDisposable
{
    private readonly Guid _deployment = Guid.NewGuid();
    private readonly RecordingLedger _ledger = new();
    private readonly List<(string Name, double Value, string Tags)> _measured = [];
    private readonly MeterListener _listener = new();
    private readonly FrameMeter _meter;

    public FrameMeterTests()
    {
        _meter = new(_ledger, new TwoCameras());
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == FrameMeter.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task Frame_is_booked_and_measured()
    {
        var outcome = new FrameOutcome { QueueMilliseconds = 1, PreprocessMilliseconds = 2, InferMilliseconds = 3, PostprocessMilliseconds = 4 };

        _meter.Decoded(_deployment, LedgerBench.Noon);
        await _meter.InferredAsync(_deployment, LedgerBench.Noon, outcome with { Spilled = true }, 12, new([], []), default);

        Assert.Equal((1, 1), (_ledger[_deployment].Decoded, _ledger[_deployment].Inferred));
        Assert.Equal(
            [
                ("fleet.frames.decoded", 1, ""),
                ("fleet.frames.inferred", 1, ""),
                ("fleet.frames.spilled", 1, ""),
                ("fleet.frames.latency", 12, ""),
                ("fleet.frames.stage", 1, "queue"),
                ("fleet.frames.stage", 2, "compute_input"),
                ("fleet.frames.stage", 3, "compute_infer"),
                ("fleet.frames.stage", 4, "compute_output"),
            ],
            _measured);
    }

    [Fact]
    public void Skipped_frame_counts_under_its_reason_and_the_failed_stage()
    {
        foreach (var reason in Enum.GetValues<SkipReason>())
        {
            _meter.Skipped(_deployment, LedgerBench.Noon, reason);
        }

        foreach (var error in Enum.GetValues<FrameError>())
        {
            _meter.Skipped(_deployment, LedgerBench.Noon, SkipReason.Failed, error);
        }

        Assert.All(_measured, measured => Assert.Equal(("fleet.frames.skipped", 1), (measured.Name, measured.Value)));
        Assert.Contains("no_motion none", _measured.Select(measured => measured.Tags));
        Assert.Contains("failed postprocessing", _measured.Select(measured => measured.Tags));
        Assert.Equal(Enum.GetValues<SkipReason>().Length + Enum.GetValues<FrameError>().Length - 1, _measured.Select(measured => measured.Tags).Distinct().Count());
    }

    [Fact]
    public void Running_cameras_are_shown()
    {
        _listener.RecordObservableInstruments();

        Assert.Equal([("fleet.cameras.running", 2, "")], _measured);
    }

    // Tests beside this one meter too: only what is of this deployment, or of nobody's, counts.
    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray();
        if (all.All(tag => tag.Key != "deployment_id" || _deployment.Equals(tag.Value)))
        {
            _measured.Add((instrument.Name, value, string.Join(' ', all.Where(tag => tag.Key != "deployment_id").Select(tag => tag.Value))));
        }
    }

    private sealed class TwoCameras : ICameraCount
    {
        public int Running => 2;
    }
}
