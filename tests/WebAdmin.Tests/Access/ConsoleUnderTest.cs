using System.Net;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Testing;

namespace OrleansAiFleet.WebAdmin.Tests.Access;

/// <summary>The console as it runs, on a database of its own, without a cluster.</summary>
internal sealed class ConsoleUnderTest : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly WebApplication _app;
    private readonly Task _running;

    private ConsoleUnderTest(PostgresDatabase database, WebApplication app)
    {
        (_database, _app) = (database, app);
        _running = app.RunAsync();
    }

    public Uri Address => new(_app.Urls.First());

    public static async Task<ConsoleUnderTest> StartAsync(PostgresDatabase database, IReadOnlyDictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "OrleansAiFleet.WebAdmin", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:Fleet"] = database.ConnectionString,
            ["Fleet:MasterKey:Value"] = Convert.ToBase64String(new byte[32]),
            ["Fleet:Audit:Key"] = Convert.ToBase64String(new byte[32]),
            ["Fleet:Access:RightsLifetime"] = "00:00:00",
        });
        builder.Configuration.AddInMemoryCollection(settings);

        // There is no control silo to make them.
        builder.Services.PostConfigure<KeyManagementOptions>(keys => keys.AutoGenerateKeys = true);
        var console = new ConsoleUnderTest(database, builder.BuildConsole());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (console._app.Urls.First().EndsWith(":0", StringComparison.Ordinal) && !console._running.IsCompleted)
        {
            await Task.Delay(20, limit.Token);
        }

        return console._running.IsFaulted ? throw console._running.Exception : console;
    }

    /// <summary>A browser of somebody: it keeps cookies and follows where it is led, also between hosts.</summary>
    public HttpClient Browser() =>
        new(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true }) { BaseAddress = Address };

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        // It is still looking for its cluster.
        _app.Lifetime.StopApplication();
        await Record.ExceptionAsync(() => _running);
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }
}
