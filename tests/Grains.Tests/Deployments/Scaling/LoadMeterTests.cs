using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Grains.Tests.Deployments.Scaling;

public sealed class LoadMeterTests
{
    private static readonly Guid Model = Guid.NewGuid();

    private readonly FakeTimeProvider _time = new();
    private readonly LoadMeter _meter = new();

    [Fact]
    public void Reading_is_what_counters_rose_by_for_each_model_instance_and_the_longest_wait()
    {
        Round(Worker("a", busy: 1000, instances: 2), Worker("b", busy: 0));
        Assert.Null(Read("a", "b"));

        Round(Worker("a", busy: 2000, instances: 2, oldest: 30), Worker("b", busy: 1500, oldest: 80));

        var reading = Read("a", "b")!;
        Assert.Equal((2, 80.0), (reading.Instances, reading.QueueAgeMilliseconds));
        Assert.Equal((25 + 75) / 2.0, reading.UtilizationPercent, 6);
        Assert.Equal(25, Read("a")!.UtilizationPercent, 6);
    }

    [Fact]
    public void Worker_that_was_silent_has_no_reading_until_it_answered_twice()
    {
        Round(Worker("a", busy: 0), Worker("b", busy: 0));
        Round(Worker("a", busy: 10));
        Assert.Null(Read("a", "b"));
        Assert.NotNull(Read("a"));

        Round(Worker("a", busy: 20), Worker("b", busy: 10));
        Assert.Null(Read("a", "b"));
        Round(Worker("a", busy: 20), Worker("b", busy: 10));
        Assert.NotNull(Read("a", "b"));
    }

    [Fact]
    public void Model_that_was_loaded_anew_has_no_reading_and_nothing_is_more_than_busy()
    {
        Round(Worker("a", busy: 5000));
        Round(Worker("a", busy: 100));
        Assert.Null(Read("a"));

        Round(Worker("a", busy: 9000));
        Assert.Equal(100, Read("a")!.UtilizationPercent);
    }

    [Fact]
    public void Nothing_is_read_of_no_worker() => Assert.Null(Read());

    [Fact]
    public void History_after_a_gap_begins_anew_and_keeps_one_reading_beyond_the_window()
    {
        var each = new ScheduledDeployment(Claims.Deployment(), new() { DeploymentId = Guid.NewGuid() });
        for (var second = 0; second <= 20; second += 2)
        {
            each.Measured(new(DateTimeOffset.UnixEpoch.AddSeconds(second), 1, 50, 0), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        }

        Assert.Equal([14, 16, 18, 20], each.Readings.Select(reading => reading.At.Second));

        each.Measured(new(DateTimeOffset.UnixEpoch.AddSeconds(31), 1, 50, 0), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        Assert.Single(each.Readings);
    }

    private void Round(params WorkerStatus[] statuses)
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        _meter.Take([.. statuses.Select(status => (status, _time.GetTimestamp()))], _time);
    }

    private LoadReading? Read(params string[] silos) => _meter.Read(Model, silos, _time.GetUtcNow());

    private static WorkerStatus Worker(string silo, double busy, int instances = 1, double oldest = 0) => new()
    {
        Silo = silo,
        HostName = "host",
        ExecutionProvider = "CPUExecutionProvider",
        Models = [new ModelRuntimeStatus { ModelId = Model, Instances = instances, BusyMilliseconds = busy, OldestMilliseconds = oldest }],
    };
}
