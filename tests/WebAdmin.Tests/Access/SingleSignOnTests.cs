using System.Security.Claims;

using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.WebAdmin.Tests.Access;

/// <summary>People come by way of a provider: a real console, a real database and a small provider on loopback.</summary>
public sealed class SingleSignOnTests : IAsyncLifetime
{
    private static readonly Guid Site = Guid.CreateVersion7();

    private Provider _provider = null!;
    private ConsoleUnderTest _console = null!;

    public async Task InitializeAsync()
    {
        _provider = await Provider.StartAsync();
        var database = await PostgresDatabase.CreateAsync();
        await using (var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString))
        await using (var command = source.CreateCommand("INSERT INTO sites (id, name) VALUES ($1, 'Harbour')"))
        {
            command.Parameters.AddWithValue(Site);
            await command.ExecuteNonQueryAsync();
        }

        _console = await ConsoleUnderTest.StartAsync(database, new Dictionary<string, string?>
        {
            ["Fleet:OpenIdConnect:Authority"] = _provider.Authority,
            ["Fleet:OpenIdConnect:ClientId"] = Provider.ClientId,
            ["Fleet:OpenIdConnect:ClientSecret"] = Provider.ClientSecret,
            ["Fleet:OpenIdConnect:DisplayName"] = "Builders' account",
            ["Fleet:OpenIdConnect:Groups:0:Group"] = "fleet-admins",
            ["Fleet:OpenIdConnect:Groups:0:Role"] = "administrator",
            ["Fleet:OpenIdConnect:Groups:1:Group"] = "harbour",
            ["Fleet:OpenIdConnect:Groups:1:Role"] = "operator",
            ["Fleet:OpenIdConnect:Groups:1:SiteId"] = $"{Site}",
            ["Fleet:OpenIdConnect:Groups:2:Group"] = "gone",
            ["Fleet:OpenIdConnect:Groups:2:Role"] = "viewer",
            ["Fleet:OpenIdConnect:Groups:2:SiteId"] = $"{Guid.CreateVersion7()}",
        });

        // Somebody must always be there who can give rights.
        await CreateAsync("first@example.org", new AccessGrant(AccessRole.Administrator));
    }

    public async Task DisposeAsync()
    {
        await _console.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Sign_in_page_leads_to_the_provider()
    {
        using var browser = _console.Browser();

        var page = await browser.GetStringAsync(new Uri("/sign-in?return_url=%2Faccount", UriKind.Relative));

        Assert.Contains("href=\"/sign-in/provider?return_url=%2Faccount\"", page, StringComparison.Ordinal);
        Assert.Contains("Sign in with Builders&#x27; account", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_first_is_made_a_user_with_the_roles_of_their_groups()
    {
        Come("1", "ann@example.org", "harbour", "other");
        using var browser = _console.Browser();
        using var answer = await browser.GetAsync(new Uri("/sign-in/provider?return_url=%2Faccount", UriKind.Relative));

        Assert.Equal("/account", answer.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Contains("ann@example.org", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var ann = await FindAsync("ann@example.org");
        Assert.Equal([new(AccessRole.Operator, Site)], await GrantsAsync(ann!));
        Assert.Null(ann!.PasswordHash);
    }

    [Fact]
    public async Task Roles_are_those_of_the_groups_at_every_sign_in()
    {
        Come("2", "ben@example.org", "harbour");
        await SignInAsync();
        Come("2", "ben@elsewhere.example", "fleet-admins");

        Assert.Equal("/", await SignInAsync());

        var ben = await FindAsync("ben@example.org");
        Assert.Equal([new(AccessRole.Administrator)], await GrantsAsync(ben!));
        Assert.Null(await FindAsync("ben@elsewhere.example"));
        Come("2", "ben@example.org", "other");
        Assert.Equal("/sign-in?fault=3", await SignInAsync());
    }

    [Fact]
    public async Task Who_is_in_no_group_with_a_role_or_disabled_is_not_let_in()
    {
        Come("3", "eve@example.org", "other");
        Assert.Equal("/sign-in?fault=3", await SignInAsync());
        Assert.Null(await FindAsync("eve@example.org"));

        Come("4", "joe@example.org", "harbour");
        await SignInAsync();
        var joe = (await FindAsync("joe@example.org"))!;
        await _console.Get<PeopleStore>().UpdateAsync(joe.Id, "Joe", disabled: true, CancellationToken.None);
        Assert.Equal("/sign-in?fault=5", await SignInAsync());

        Come("5", "kim@example.org", "gone");
        Assert.Equal("/sign-in?fault=3", await SignInAsync());
        Assert.Null(await FindAsync("kim@example.org"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_takes_over_a_user_who_signs_in_with_a_password(bool verified)
    {
        await CreateAsync("boss@example.org", new AccessGrant(AccessRole.Administrator));
        Come("6", "boss@example.org", "harbour");
        _provider.Claims = [.. _provider.Claims, new("email_verified", verified ? "true" : "false", ClaimValueTypes.Boolean)];

        Assert.Equal(verified ? "/sign-in?fault=4" : "/", await SignInAsync());

        var boss = (await FindAsync("boss@example.org"))!;
        Assert.Equal([new(AccessRole.Administrator)], await GrantsAsync(boss));
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("replayed")]
    [InlineData("for another client")]
    [InlineData("refused")]
    public async Task Answer_that_is_not_the_providers_signs_nobody_in(string how)
    {
        Come("7", "mal@example.org", "fleet-admins");
        _provider.Forges = how is "forged";
        _provider.Replays = how is "replayed";
        _provider.Refuses = how is "refused";
        _provider.Audience = how is "for another client" ? "another" : Provider.ClientId;

        Assert.Equal("/sign-in?fault=1", await SignInAsync());
        Assert.Null(await FindAsync("mal@example.org"));
    }

    [Fact]
    public async Task Answer_that_nobody_asked_for_signs_nobody_in()
    {
        using var browser = _console.Browser();
        foreach (var path in new[] { "/signin-oidc?code=1&state=2", "/signin-oidc", "/sign-in/returned" })
        {
            using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal("/sign-in?fault=1", answer.RequestMessage!.RequestUri!.PathAndQuery);
        }
    }

    [Fact]
    public async Task Visitor_is_led_nowhere_else()
    {
        Come("8", "pat@example.org", "harbour");
        using var browser = _console.Browser();
        using var answer = await browser.GetAsync(new Uri("/sign-in/provider?return_url=https%3A%2F%2Fevil.example%2F", UriKind.Relative));

        Assert.Equal(_console.Address.Authority, answer.RequestMessage!.RequestUri!.Authority);
    }

    [Fact]
    public async Task Provider_that_is_away_is_said()
    {
        await _provider.DisposeAsync();

        Assert.Equal("/sign-in?fault=2", await SignInAsync());
    }

    [Fact]
    public async Task Two_windows_at_once_make_one_user()
    {
        Come("9", "two@example.org", "harbour");

        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SignInAsync()));

        Assert.All(ends, end => Assert.Equal("/", end));
        Assert.NotNull(await FindAsync("two@example.org"));
    }

    private void Come(string subject, string email, params string[] groups) =>
        _provider.Claims = [new("sub", subject), new("email", email), new("name", "A builder"), .. groups.Select(group => new Claim("groups", group))];

    // Where the visitor ends up.
    private async Task<string> SignInAsync()
    {
        using var browser = _console.Browser();
        using var answer = await browser.GetAsync(new Uri("/sign-in/provider", UriKind.Relative));
        return answer.RequestMessage!.RequestUri!.PathAndQuery;
    }

    private async Task CreateAsync(string email, AccessGrant grant)
    {
        using var scope = _console.Get<IServiceScopeFactory>().CreateScope();
        var result = await scope.ServiceProvider.GetRequiredService<NewPeople>().CreateAsync(
            new() { Id = Guid.CreateVersion7(), UserName = email, Email = email }, "nine yellow umbrellas", [grant], CancellationToken.None);
        Assert.True(result.Succeeded);
    }

    private async Task<FleetUser?> FindAsync(string name)
    {
        using var scope = _console.Get<IServiceScopeFactory>().CreateScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<FleetUser>>().FindByNameAsync(name);
    }

    private async Task<AccessGrant[]> GrantsAsync(FleetUser user) =>
        [.. (await _console.Get<PeopleStore>().FindAsync(user.Id, CancellationToken.None))!.Grants.Select(grant => new AccessGrant(grant.Role, grant.SiteId))];
}
