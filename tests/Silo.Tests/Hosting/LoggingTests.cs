using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Silo.Tests.Hosting;

public sealed class LoggingTests
{
    [Theory]
    [InlineData("OrleansAiFleet.Silo.Models.ModelRegistration", true)]
    [InlineData("Orleans.Runtime.Silo", false)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", false)]
    [InlineData("Microsoft.Hosting.Lifetime", true)]
    public void Fleet_tells_what_it_does_and_its_libraries_only_what_worries_them(string category, bool tells)
    {
        var builder = WebApplication.CreateBuilder();
        FleetDefaults.AddTo(builder.Configuration, FleetRole.Silo);
        using var services = builder.Services.BuildServiceProvider();

        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

        Assert.Equal(tells, log.IsEnabled(LogLevel.Information));
        Assert.True(log.IsEnabled(LogLevel.Warning));
    }
}
