using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Silo.Tests.Hosting;

public sealed class LoggingTests
{
    [Theory]
    [InlineData("OrleansAiFleet.Silo.Models.ModelRegistration", true)]
    [InlineData("Orleans.Runtime.MembershipService.MembershipAgent", false)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", false)]
    [InlineData("Microsoft.Hosting.Lifetime", true)]
    public void Fleet_tells_what_it_does_and_its_libraries_only_what_worries_them(string category, bool tells)
    {
        var log = LogOf(category);

        Assert.Equal(tells, log.IsEnabled(LogLevel.Information));
        Assert.True(log.IsEnabled(LogLevel.Warning));
    }

    [Theory]
    [InlineData("Orleans.Runtime.Silo")]
    [InlineData("Orleans.Runtime.Watchdog")]
    [InlineData("Orleans.Messaging.ClientMessageCenter")]
    public void What_is_no_trouble_is_not_told_as_a_warning_but_errors_are(string category)
    {
        var log = LogOf(category);

        Assert.False(log.IsEnabled(LogLevel.Warning));
        Assert.True(log.IsEnabled(LogLevel.Error));
    }

    [Theory]
    [InlineData("Orleans.Runtime.MembershipService.LocalSiloHealthMonitor")]
    [InlineData("Orleans.Runtime.SiloLifecycleSubject")]
    [InlineData("OrleansAiFleet.GpuWorker.Inference.InferenceService")]
    public void Quiet_categories_take_no_others_along(string category) => Assert.True(LogOf(category).IsEnabled(LogLevel.Warning));

    private static ILogger LogOf(string category)
    {
        var builder = WebApplication.CreateBuilder();
        FleetDefaults.AddTo(builder.Configuration, FleetRole.Silo);
        return builder.Services.BuildServiceProvider().GetRequiredService<ILoggerFactory>().CreateLogger(category);
    }
}
