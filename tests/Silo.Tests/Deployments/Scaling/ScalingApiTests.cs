using System.Net;
using System.Text.Json.Nodes;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Deployments.Scaling;

[Collection(ApiTests.Name)]
public sealed class ScalingApiTests(ApiFixture api)
{
    [Fact]
    public async Task Deployment_shows_its_instances_and_the_last_decisions_newest_first()
    {
        var deployment = new Deployment { Id = Guid.NewGuid(), DeploymentName = "gate" };
        api.Rows.Deployments[deployment.Id] = deployment;
        api.Rows.ScalingDecisions[deployment.Id] = [.. Enumerable.Range(0, 60).Select(i => new ScalingDecision
        {
            Id = Guid.NewGuid(), DeploymentId = deployment.Id, Reason = $"Reason {i}", FromInstances = 1, ToInstances = 2,
        })];

        var answer = await (await api.Http.Get($"/api/admin/deployments/{deployment.Id}/scaling")).Read<JsonObject>();

        Assert.Equal((2, true), ((int)answer["now"]!["wanted"]!, (bool)answer["now"]!["is_scheduled"]!));
        var decisions = answer["decisions"]!.AsArray();
        Assert.Equal((50, "Reason 0", 2), (decisions.Count, (string)decisions[0]!["reason"]!, (int)decisions[0]!["to_instances"]!));
    }

    [Fact]
    public async Task Deployment_nobody_made_is_not_found() =>
        await (await api.Http.Get($"/api/admin/deployments/{Guid.NewGuid()}/scaling")).ReadProblem(HttpStatusCode.NotFound, null);
}
