using OrleansAiFleet.Deployments;
using OrleansAiFleet.Grains.Tests.Fleet;

namespace OrleansAiFleet.Grains.Tests.Deployments;

public sealed class DeploymentTransitionsTests
{
    private static readonly DateTimeOffset Now = ControlCluster.Start;

    private static readonly (DeploymentStatus From, DeploymentStatus To)[] Allowed =
    [
        (DeploymentStatus.Pending, DeploymentStatus.Deploying),
        (DeploymentStatus.Pending, DeploymentStatus.Failed),
        (DeploymentStatus.Pending, DeploymentStatus.Terminated),
        (DeploymentStatus.Deploying, DeploymentStatus.Active),
        (DeploymentStatus.Deploying, DeploymentStatus.Failed),
        (DeploymentStatus.Deploying, DeploymentStatus.Terminated),
        (DeploymentStatus.Active, DeploymentStatus.Paused),
        (DeploymentStatus.Active, DeploymentStatus.Failed),
        (DeploymentStatus.Active, DeploymentStatus.Terminated),
        (DeploymentStatus.Paused, DeploymentStatus.Active),
        (DeploymentStatus.Paused, DeploymentStatus.Failed),
        (DeploymentStatus.Paused, DeploymentStatus.Terminated),
        (DeploymentStatus.Failed, DeploymentStatus.Deploying),
        (DeploymentStatus.Failed, DeploymentStatus.Terminated),
    ];

    public static TheoryData<DeploymentStatus, DeploymentStatus> EveryPair()
    {
        var data = new TheoryData<DeploymentStatus, DeploymentStatus>();
        foreach (var from in Enum.GetValues<DeploymentStatus>())
        {
            foreach (var to in Enum.GetValues<DeploymentStatus>())
            {
                data.Add(from, to);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public void Every_step_is_allowed_or_refused_as_the_table_says(DeploymentStatus from, DeploymentStatus to)
    {
        var deployment = Rows.Deployment(Guid.NewGuid(), Guid.NewGuid()) with { DeploymentStatus = from };

        if (Allowed.Contains((from, to)))
        {
            Assert.Equal(to, DeploymentTransitions.Step(deployment, to, Now).DeploymentStatus);
        }
        else
        {
            Assert.Throws<InvalidOperationException>(() => DeploymentTransitions.Step(deployment, to, Now));
        }
    }

    [Theory]
    [InlineData(DeploymentStatus.Pending, true, false)]
    [InlineData(DeploymentStatus.Deploying, true, false)]
    [InlineData(DeploymentStatus.Active, false, false)]
    [InlineData(DeploymentStatus.Paused, false, false)]
    [InlineData(DeploymentStatus.Failed, false, false)]
    [InlineData(DeploymentStatus.Terminated, false, true)]
    public void Status_is_under_way_or_final(DeploymentStatus status, bool underWay, bool final) =>
        Assert.Equal((underWay, final), (DeploymentTransitions.IsUnderWay(status), DeploymentTransitions.IsFinal(status)));

    [Fact]
    public void Deployed_at_is_when_it_first_went_to_work()
    {
        var deploying = Rows.Deployment(Guid.NewGuid(), Guid.NewGuid()) with { DeploymentStatus = DeploymentStatus.Deploying };

        var active = DeploymentTransitions.Step(deploying, DeploymentStatus.Active, Now);
        var paused = DeploymentTransitions.Step(active, DeploymentStatus.Paused, Now.AddHours(1));
        var again = DeploymentTransitions.Step(paused, DeploymentStatus.Active, Now.AddHours(2));

        Assert.Equal((Now, Now.AddHours(2)), (again.DeployedAt, again.UpdatedAt));
        Assert.Null(again.LastHealthCheck);
    }
}
