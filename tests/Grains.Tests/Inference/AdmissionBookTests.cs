using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Grains.Tests.Inference;

public sealed class AdmissionBookTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private readonly AdmissionBook _book = new();

    [Fact]
    public void Minute_of_calls_may_come_at_once_and_then_they_come_evenly()
    {
        var limits = Limits(concurrent: 1000, perMinute: 6);
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(5 - i, Enter(limits, Start).Remaining));

        var refused = Enter(limits, Start);
        var soon = Enter(limits, Start.AddSeconds(9.9));
        var then = Enter(limits, Start.AddSeconds(10.1));

        Assert.Equal((AdmissionVerdict.TooManyPerMinute, 10, 60), (refused.Verdict, refused.RetryAfter.TotalSeconds, refused.ResetAfter.TotalSeconds));
        Assert.Equal(AdmissionVerdict.TooManyPerMinute, soon.Verdict);
        Assert.Equal(AdmissionVerdict.Admitted, then.Verdict);
    }

    [Fact]
    public void Place_is_free_when_its_call_is_over()
    {
        var limits = Limits(concurrent: 2, perMinute: 100);
        var first = Guid.NewGuid();
        _book.Enter(first, limits, Start);
        Enter(limits, Start);
        Assert.Equal(AdmissionVerdict.TooManyAtOnce, Enter(limits, Start).Verdict);

        _book.Leave(first);
        _book.Leave(first);

        Assert.Equal(AdmissionVerdict.Admitted, Enter(limits, Start).Verdict);
        Assert.Equal(AdmissionVerdict.TooManyAtOnce, Enter(limits, Start).Verdict);
    }

    [Fact]
    public void Place_of_a_caller_that_died_is_free_when_its_time_is_over()
    {
        var limits = Limits(concurrent: 1, perMinute: 100);
        Enter(limits, Start);

        Assert.Equal(AdmissionVerdict.TooManyAtOnce, Enter(limits, Start.AddSeconds(39)).Verdict);
        Assert.Equal(AdmissionVerdict.Admitted, Enter(limits, Start.AddSeconds(40)).Verdict);
        Assert.Equal(1, _book.Count);
    }

    [Fact]
    public void Call_that_asks_twice_has_one_place_and_costs_one_call()
    {
        var limits = Limits(concurrent: 2, perMinute: 100);
        var call = Guid.NewGuid();

        _book.Enter(call, limits, Start);
        var again = _book.Enter(call, limits, Start);

        Assert.Equal((AdmissionVerdict.Admitted, 99, 1), (again.Verdict, again.Remaining, _book.Count));
    }

    [Fact]
    public void Who_finds_no_place_is_not_charged_for_it()
    {
        var limits = Limits(concurrent: 1, perMinute: 2);
        var first = Guid.NewGuid();
        _book.Enter(first, limits, Start);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(1, Enter(limits, Start).Remaining));

        _book.Leave(first);

        Assert.Equal(AdmissionVerdict.Admitted, Enter(limits, Start).Verdict);
    }

    [Theory]
    [InlineData(10, 5, 4)]
    [InlineData(10, 20, 9)]
    public void Limits_that_change_count_from_the_next_call_on(int before, int after, int left)
    {
        Enter(Limits(concurrent: 100, perMinute: before), Start);

        var then = Enter(Limits(concurrent: 100, perMinute: after), Start);

        Assert.Equal(Math.Min(left, before - 2), then.Remaining);
    }

    [Fact]
    public void Clock_that_is_set_back_gives_nothing_and_takes_nothing()
    {
        var limits = Limits(concurrent: 100, perMinute: 2);
        Enter(limits, Start);

        Assert.Equal(AdmissionVerdict.Admitted, Enter(limits, Start.AddHours(-1)).Verdict);
        Assert.Equal(AdmissionVerdict.TooManyPerMinute, Enter(limits, Start.AddHours(-1)).Verdict);
    }

    /// <summary>Whatever comes when: never more places than the limit, never more calls than a bucket and its filling.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_order_of_calls_gets_more_in_than_the_limits_say(int seed)
    {
        var random = new Random(seed);
        var limits = Limits(concurrent: random.Next(1, 8), perMinute: random.Next(1, 200));
        var (now, admitted) = (Start, 0);
        List<Guid> inside = [];
        for (var i = 0; i < 5000; i++)
        {
            now = now.AddMilliseconds(random.Next(0, 300));
            if (random.Next(3) == 0 && inside.Count > 0)
            {
                _book.Leave(inside[0]);
                inside.RemoveAt(0);
            }

            var call = Guid.NewGuid();
            if (_book.Enter(call, limits, now).Verdict == AdmissionVerdict.Admitted)
            {
                inside.Add(call);
                admitted++;
            }

            Assert.InRange(_book.Count, 0, limits.Concurrent);
            Assert.InRange(admitted, 0, (limits.PerMinute * (1 + (now - Start).TotalMinutes)) + 1e-6);
        }

        Assert.InRange(admitted, 1, int.MaxValue);
    }

    private static InferenceLimits Limits(int concurrent, int perMinute) => new(concurrent, perMinute, TimeSpan.FromSeconds(40));

    private InferenceAdmission Enter(InferenceLimits limits, DateTimeOffset now) => _book.Enter(Guid.NewGuid(), limits, now);
}
