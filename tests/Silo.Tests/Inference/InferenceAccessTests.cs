using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Silo.Inference;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Tests.Inference;

public sealed class InferenceAccessTests
{
    private static readonly Guid Ann = Guid.NewGuid();
    private static readonly Guid Bob = Guid.NewGuid();

    private static readonly Deployment Open = new()
    {
        DeploymentStatus = DeploymentStatus.Active, ApiAccessEnabled = true, ConfidenceThreshold = 0.5m,
    };

    [Fact]
    public void Who_has_the_right_is_let_through() => Assert.Null(Judge(Open, Ann));

    [Theory]
    [InlineData(null, true)]
    [InlineData("null", true)]
    [InlineData("ann", true)]
    [InlineData("bob", false)]
    [InlineData("[]", false)]
    [InlineData("""{"not":"a list"}""", false)]
    [InlineData("""["no id"]""", false)]
    public void Authorized_users_are_let_through_and_nobody_else(string? users, bool isAllowed)
    {
        var listed = users switch
        {
            null => (JsonText?)null,
            "ann" => JsonText.From(new[] { Ann, Guid.NewGuid() }),
            "bob" => JsonText.From(new[] { Bob }),
            _ => new JsonText(users),
        };
        var deployment = Open with { AuthorizedUsers = listed };

        var refusal = Judge(deployment, Ann);

        Assert.Equal(isAllowed ? null : (403, "not_authorized"), refusal is null ? null : ((int, string)?)(refusal.Status, refusal.Reason));
        Assert.Null(Judge(deployment, Ann, mayAdminister: true));
    }

    [Fact]
    public void Access_that_is_off_is_off_for_everybody()
    {
        var off = Open with { ApiAccessEnabled = false, DeploymentStatus = DeploymentStatus.Paused };

        Assert.Equal("api_access_disabled", Judge(off, Ann)!.Reason);
        Assert.Equal("api_access_disabled", Judge(off, Ann, mayAdminister: true)!.Reason);
    }

    [Fact]
    public void Every_status_but_active_is_named()
    {
        foreach (var status in Enum.GetValues<DeploymentStatus>())
        {
            var refusal = Judge(Open with { DeploymentStatus = status }, Ann);
            Assert.Equal(status == DeploymentStatus.Active, refusal is null);
            Assert.True(refusal is null || (refusal.Status == 409 && refusal.Detail.Contains(status.ToString().ToLowerInvariant(), StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(0.5, false, true)]
    [InlineData(0.49, false, false)]
    [InlineData(0.49, true, true)]
    [InlineData(0.9, false, true)]
    public void Less_than_the_threshold_is_for_whoever_may_deploy_there(double confidence, bool mayAdminister, bool isAllowed)
    {
        var refusal = InferenceAccess.Judge(Open, new(Ann, mayAdminister, null), confidence);

        Assert.Equal(isAllowed ? null : "confidence", refusal?.Field);
    }

    [Fact]
    public void Deployments_key_is_good_while_the_row_has_it_and_needs_no_place_in_the_list()
    {
        var (key, other) = (DeploymentKeySecret.Create(), DeploymentKeySecret.Create());
        var deployment = Open with { ApiKey = DeploymentKeySecret.ToStored(key), AuthorizedUsers = JsonText.From(new[] { Bob }) };
        var caller = new InferenceCaller(null, false, new(deployment.Id, Guid.NewGuid(), "north", "fleet_dep_abc", ApiKeySecret.Hash(key)));

        Assert.Null(InferenceAccess.Judge(deployment, caller, null));
        Assert.Equal(401, InferenceAccess.Judge(deployment with { ApiKey = DeploymentKeySecret.ToStored(other) }, caller, null)!.Status);
        Assert.Equal(401, InferenceAccess.Judge(deployment with { ApiKey = null }, caller, null)!.Status);
        Assert.Equal(403, InferenceAccess.Judge(deployment, caller, 0.1)!.Status);
    }

    private static InferenceRefusal? Judge(Deployment deployment, Guid user, bool mayAdminister = false) =>
        InferenceAccess.Judge(deployment, new(user, mayAdminister, null), null);
}
