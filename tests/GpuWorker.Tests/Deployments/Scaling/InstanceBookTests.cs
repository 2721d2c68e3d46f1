using System.Net;

using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.GpuWorker.Deployments.Scaling;

namespace OrleansAiFleet.GpuWorker.Tests.Deployments.Scaling;

public sealed class InstanceBookTests
{
    private static readonly SiloAddress Worker = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly Guid Model = Guid.NewGuid();

    private readonly FakeTimeProvider _time = new();
    private readonly InstanceBook _book;

    public InstanceBookTests() => _book = new(_time);

    [Fact]
    public void Model_that_nobody_routes_may_be_anywhere()
    {
        Assert.Null(_book.WorkersOf(Model));

        _book.Take("one", Routed());

        Assert.Equal([Worker], _book.WorkersOf(Model)!);
        Assert.Null(_book.WorkersOf(Guid.NewGuid()));
    }

    [Fact]
    public void What_nobody_repeats_is_good_for_a_while_and_then_forgotten()
    {
        _book.Take("one", Routed());
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(_book.Take("one", null));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.NotNull(_book.WorkersOf(Model));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_book.WorkersOf(Model));
    }

    [Fact]
    public void Revision_that_it_has_not_is_asked_for_in_full()
    {
        Assert.False(_book.Take("one", null));
        _book.Take("one", Routed());
        Assert.False(_book.Take("two", null));
        Assert.True(_book.Take("one", null));
    }

    [Fact]
    public void Only_news_are_told()
    {
        var told = 0;
        _book.Changed += () => told++;

        _book.Take("one", Routed());
        _book.Take("one", null);
        _book.Take("one", Routed());
        _book.Take("two", Routed());

        Assert.Equal(2, told);
    }

    private static WorkerInstances Routed() => new()
    {
        Routes = [new(Model, [Worker.ToParsableString()])], GoodFor = TimeSpan.FromMinutes(1),
    };
}
