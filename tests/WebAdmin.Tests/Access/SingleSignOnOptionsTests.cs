using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.WebAdmin.Access;

namespace OrleansAiFleet.WebAdmin.Tests.Access;

public sealed class SingleSignOnOptionsTests
{
    [Theory]
    [InlineData("https://login.example", "console", "builders", "site_manager", null)]
    [InlineData("http://127.0.0.1:5000", "console", "builders", "viewer", null)]
    [InlineData(null, "", "", "", null)]
    [InlineData("http://login.example", "console", "builders", "viewer", "Authority")]
    [InlineData("login.example", "console", "builders", "viewer", "Authority")]
    [InlineData("https://login.example", "", "builders", "viewer", "ClientId")]
    [InlineData("https://login.example", "console", "", "viewer", "Groups:0: Group")]
    [InlineData("https://login.example", "console", "builders", "SiteManager", "Groups:0: Role 'SiteManager' is none of administrator, ")]
    [InlineData("https://login.example", "console", "builders", "0", "Groups:0: Role")]
    public void What_cannot_work_is_said_at_start(string? authority, string client, string group, string role, string? fault)
    {
        var options = new SingleSignOnOptions { Authority = authority, ClientId = client, Groups = [new() { Group = group, Role = role }] };

        var faults = options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage!).ToArray();

        if (fault is null)
        {
            Assert.Empty(faults);
        }
        else
        {
            Assert.Contains(fault, Assert.Single(faults), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Provider_without_groups_lets_nobody_in_and_says_so()
    {
        var options = new SingleSignOnOptions { Authority = "https://login.example", ClientId = "console" };

        Assert.Contains("Groups is empty", options.Validate(new ValidationContext(options)).Single().ErrorMessage!, StringComparison.Ordinal);
    }
}
