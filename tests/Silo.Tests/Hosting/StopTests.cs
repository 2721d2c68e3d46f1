using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Silo.Tests.Hosting;

public sealed class StopTests
{
    [Fact]
    public async Task Host_that_is_stopped_while_it_starts_ends_in_order()
    {
        var waiting = new WaitsForever();
        await using var app = Build(waiting);

        var run = app.RunFleetAsync();
        await waiting.Entered.Task.WaitAsync(TimeSpan.FromSeconds(10));
        app.Lifetime.StopApplication();

        await run.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Host_that_cannot_start_says_why()
    {
        await using var app = Build(new Fails());

        await Assert.ThrowsAsync<InvalidOperationException>(() => app.RunFleetAsync());
    }

    private static WebApplication Build(IHostedService service)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(service);
        return builder.Build();
    }

    private sealed class WaitsForever : IHostedService
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Entered.SetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Fails : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("No cluster.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
