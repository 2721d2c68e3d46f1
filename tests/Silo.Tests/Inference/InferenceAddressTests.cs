using System.Net;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Silo.Inference;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Inference;

/// <summary>Where a call of a deployment's address leads: to which deployment, and to which workers.</summary>
[Collection(ApiTests.Name)]
public sealed class InferenceAddressTests(ApiFixture api) : InferenceCalls(api)
{
    [Theory]
    [InlineData(DeploymentStatus.Paused, "paused")]
    [InlineData(DeploymentStatus.Terminated, "terminated")]
    public async Task Deployment_that_is_not_active_names_its_status(DeploymentStatus status, string name)
    {
        var problem = await (await Send(Deploy(row => row with { DeploymentStatus = status }), Body(Picture))).ReadProblem(HttpStatusCode.Conflict, null);

        Assert.Contains(name, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_of_a_deployment_whose_place_another_has_taken_leads_there()
    {
        var ended = Deploy(row => row with { DeploymentStatus = DeploymentStatus.Terminated });
        var successor = Deploy();
        Api.Rollouts.Successors[ended.Id] = successor.Id;

        var answer = await (await Send(ended, Body(Picture))).Read<InferenceAnswer>();

        Assert.Equal(successor.Id, answer.DeploymentId);
    }

    [Fact]
    public async Task What_took_its_place_answers_by_its_own_rules()
    {
        var ended = Deploy(row => row with { DeploymentStatus = DeploymentStatus.Terminated });
        var successor = Deploy(row => row with { ApiAccessEnabled = false });
        Api.Rollouts.Successors[ended.Id] = successor.Id;

        await (await Send(ended, Body(Picture))).ReadProblem(HttpStatusCode.Forbidden, null);
    }

    [Fact]
    public async Task Deployment_nobody_made_is_not_found() =>
        await (await Send(new Deployment { Id = Guid.NewGuid() }, Body(Picture))).ReadProblem(HttpStatusCode.NotFound, null);

    [Fact]
    public async Task Deployment_on_demand_is_started_by_a_request_whose_time_is_noted()
    {
        var deployment = Deploy(row => row with { DeploymentStrategy = DeploymentStrategy.OnDemand });
        Api.Rows.Places[deployment.Id] = new() { Workers = ["10.0.0.1:1@1"], IsColdStart = true };

        await (await Send(deployment, Body(Picture))).Read<InferenceAnswer>();
        await (await Send(deployment, Body(Picture))).Read<InferenceAnswer>();

        Assert.Equal(["10.0.0.1:1@1"], Api.Pictures.Among[deployment.Id]);
        for (var look = 0; look < 1000 && !Api.Rows.ColdStarts.ContainsKey(deployment.Id); look++)
        {
            await Task.Delay(10);
        }

        Assert.True(Api.Rows.ColdStarts[deployment.Id] > 0);
    }

    [Fact]
    public async Task Deployment_on_demand_for_which_there_is_no_room_says_what_is_missing()
    {
        var deployment = Deploy(row => row with { DeploymentStrategy = DeploymentStrategy.OnDemand });
        Api.Rows.Places[deployment.Id] = new() { Refusal = "It wants 1 instance and has 0: no worker is up. Start one." };

        var answer = await Send(deployment, Body(Picture));
        var problem = await answer.ReadProblem(HttpStatusCode.ServiceUnavailable, null);

        Assert.Contains("no worker is up", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
        Api.Rows.Places.TryRemove(deployment.Id, out _);
        await (await Send(deployment, Body(Picture))).Read<InferenceAnswer>();
    }

    [Fact]
    public async Task Scaled_deployment_that_is_placed_nowhere_is_looked_at_anywhere()
    {
        var deployment = Deploy(row => row with { AutoScalingEnabled = true });
        Api.Rows.Places[deployment.Id] = new() { Refusal = "No room." };

        await (await Send(deployment, Body(Picture))).Read<InferenceAnswer>();

        Assert.Empty(Api.Pictures.Among[deployment.Id]);
    }
}
