using System.Collections.Concurrent;
using System.Net;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Inference;

namespace OrleansAiFleet.Silo.Tests.Inference;

public sealed class PictureRouterTests
{
    private static readonly InferredPicture Found = new() { Width = 10, Height = 10 };

    private readonly Workers _workers = new();

    [Fact]
    public async Task Worker_with_the_shortest_queue_gets_all_pictures()
    {
        _workers.Add(pending: 5);
        var idle = _workers.Add(pending: 0);
        _workers.Add(pending: -1);

        var answers = await Infer(count: 7);

        Assert.Equal(7, answers.Count);
        Assert.Equal(7, idle.Calls);
        Assert.All(answers, answer => Assert.Null(answer.Fault));
    }

    [Theory]
    [InlineData(PictureFault.Busy)]
    [InlineData(PictureFault.ModelNotReady)]
    [InlineData(PictureFault.Failed)]
    [InlineData(null)]
    public async Task Another_worker_is_asked_once_where_one_cannot(PictureFault? fault)
    {
        var first = _workers.Add(pending: 0, answer: new() { Fault = fault }, breaks: fault is null);
        var second = _workers.Add(pending: 1);
        var third = _workers.Add(pending: 2);

        Assert.Null((await Infer())[0].Fault);
        Assert.Equal((1, 1, 0), (first.Calls, second.Calls, third.Calls));
    }

    [Fact]
    public async Task Only_workers_that_serve_the_deployment_are_asked_and_all_of_them_where_those_are_gone()
    {
        var idle = _workers.Add(pending: 0);
        var serving = _workers.Add(pending: 5);

        await Infer(count: 3, among: [_workers.Silos.Single(silo => _workers.On(silo) == serving).ToParsableString()]);
        Assert.Equal((0, 3), (idle.Calls, serving.Calls));

        await Infer(count: 2, among: [SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 9), 9).ToParsableString()]);
        Assert.Equal((2, 3), (idle.Calls, serving.Calls));
    }

    [Fact]
    public async Task Where_two_cannot_the_caller_hears_of_it()
    {
        _workers.Add(pending: 0, answer: new() { Fault = PictureFault.Busy });
        _workers.Add(pending: 1, answer: new() { Fault = PictureFault.ModelNotReady });
        var third = _workers.Add(pending: 2);

        Assert.Equal(PictureFault.ModelNotReady, (await Infer())[0].Fault);
        Assert.Equal(0, third.Calls);
    }

    [Theory]
    [InlineData(PictureFault.Damaged)]
    [InlineData(PictureFault.WrongSize)]
    [InlineData(PictureFault.TimedOut)]
    public async Task What_another_worker_would_say_too_it_is_not_asked(PictureFault fault)
    {
        _workers.Add(pending: 0, answer: new() { Fault = fault });
        var second = _workers.Add(pending: 1);

        Assert.Equal(fault, (await Infer())[0].Fault);
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task Worker_that_does_not_say_how_it_does_is_the_last()
    {
        _workers.Add(pending: null);
        var loaded = _workers.Add(pending: 90);

        await Infer();

        Assert.Equal(1, loaded.Calls);
    }

    [Fact]
    public async Task Without_a_worker_the_call_is_refused() =>
        Assert.Equal("no_worker", (await Assert.ThrowsAsync<InferenceRefusedException>(() => Infer())).Refusal.Reason);

    [Fact]
    public async Task As_many_pictures_as_may_are_with_workers_at_a_time_and_giving_up_ends_all()
    {
        var worker = _workers.Add(pending: 0);
        worker.Hangs = true;
        using var caller = new CancellationTokenSource();
        var answers = Infer(count: 9, cancellationToken: caller.Token);
        while (worker.Calls < 4)
        {
            await Task.Delay(5);
        }

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers);
        Assert.Equal((4, 4), (worker.Calls, worker.Cancelled));
    }

    private Task<IReadOnlyList<InferredPicture>> Infer(
        int count = 1, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default)
    {
        var model = new ModelReference { ModelId = Guid.NewGuid(), DisplayName = "m", FilePath = "f", Configuration = new() };
        var router = new PictureRouter(
            () => _workers.Silos,
            _workers,
            Options.Create(new InferenceApiOptions()),
            TimeProvider.System,
            NullLogger<PictureRouter>.Instance);
        return router.InferAsync(
            [.. Enumerable.Range(0, count).Select(_ => new PictureToInfer { Model = model, Content = [1], Timeout = TimeSpan.FromMinutes(1) })],
            among ?? [],
            cancellationToken);
    }

    private sealed class Workers : IInferenceServiceClient
    {
        private readonly ConcurrentDictionary<SiloAddress, Worker> _workers = new();

        public IReadOnlyList<SiloAddress> Silos => [.. _workers.Keys];

        /// <summary>Pending null: it fails when it is asked.</summary>
        public Worker Add(int? pending, InferredPicture? answer = null, bool breaks = false)
        {
            var worker = new Worker(pending, answer, breaks);
            _workers[SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1000 + _workers.Count), 1)] = worker;
            return worker;
        }

        public IInferenceService On(SiloAddress silo) => _workers[silo];
    }

    private sealed class Worker(int? pending, InferredPicture? answer, bool breaks) : IInferenceService
    {
        private int _calls;
        private int _cancelled;

        public int Calls => Volatile.Read(ref _calls);

        public int Cancelled => Volatile.Read(ref _cancelled);

        public bool Hangs { get; set; }

        public Task<WorkerStatus> GetStatus(CancellationToken cancellationToken = default) => throw new InvalidOperationException("The router of pictures asks for nothing of this.");

        public Task<SpilledFrameResult> Infer(SpilledFrame frame, CancellationToken cancellationToken = default) => throw new InvalidOperationException("The router of pictures asks for nothing of this.");

        public async Task<InferredPicture> InferPicture(PictureToInfer picture, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _calls);
            if (Hangs)
            {
                // Not taken back when the delay ends: that may come first.
                _ = cancellationToken.Register(() => Interlocked.Increment(ref _cancelled));
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return breaks ? throw new SiloUnavailableException("it is gone") : answer ?? Found;
        }

        public Task<ConfigurationMeasurement> Measure(ConfigurationTrial trial, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("The router of pictures asks for nothing of this.");

        public Task<int> GetPending(Guid modelId, CancellationToken cancellationToken = default) =>
            pending is { } waiting ? Task.FromResult(waiting) : Task.FromException<int>(new TimeoutException());

        public Task<bool> Hold(string revision, WorkerInstances? instances, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("The router of pictures asks for nothing of this.");
    }
}
