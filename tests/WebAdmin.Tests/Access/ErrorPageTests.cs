using System.Net;
using System.Text.RegularExpressions;

using OrleansAiFleet.Testing;

namespace OrleansAiFleet.WebAdmin.Tests.Access;

/// <summary>What a visitor sees when something fails.</summary>
public sealed partial class ErrorPageTests
{
    [Fact]
    public async Task Visitor_of_a_console_whose_database_is_gone_is_told_so_by_a_page()
    {
        var database = await PostgresDatabase.CreateAsync();
        await using var console = await ConsoleUnderTest.StartAsync(database, new Dictionary<string, string?>());
        using var browser = console.Browser();
        var form = await browser.GetStringAsync(new Uri("/sign-in", UriKind.Relative));
        await database.DisposeAsync();

        using var body = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = Token().Match(form).Groups[1].Value,
            ["_handler"] = "sign-in",
            ["Input.Email"] = "ann@example.org",
            ["Input.Password"] = "nine yellow umbrellas",
        });
        using var answer = await browser.PostAsync(new Uri("/sign-in", UriKind.Relative), body);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("That did not work", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
