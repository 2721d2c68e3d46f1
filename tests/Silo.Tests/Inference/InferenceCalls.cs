using System.Net.Http.Headers;
using System.Text.Json.Nodes;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Inference;

/// <summary>Calls from outside to a deployment, over HTTP.</summary>
public abstract class InferenceCalls(ApiFixture api)
{
    protected static readonly byte[] Picture = [0xFF, 0xD8, 0xFF, 1, 2, 3];

    protected ApiFixture Api { get; } = api;

    protected static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    protected static ByteArrayContent Body(byte[] content, string type = "image/jpeg")
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return body;
    }

    protected static MultipartFormDataContent Form(params byte[][] pictures)
    {
        var form = new MultipartFormDataContent();
        for (var i = 0; i < pictures.Length; i++)
        {
            form.Add(new ByteArrayContent(pictures[i]), "file", $"{i}.jpg");
        }

        return form;
    }

    protected static StringContent Json(params byte[][] pictures)
    {
        var images = new JsonArray([.. pictures.Select(picture => new JsonObject { ["base64"] = Convert.ToBase64String(picture) })]);
        return new(new JsonObject { ["images"] = images }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
    }

    protected Task<HttpResponseMessage> Send(Deployment deployment, HttpContent body, string query = "") =>
        Api.Http.PostAsync(new Uri($"/api/inference/{deployment.Id}{query}", UriKind.Relative), body);

    protected Deployment Deploy(Func<Deployment, Deployment>? change = null)
    {
        var model = new AiModel { Id = Guid.NewGuid(), Name = "Helmets", Version = "3", ModelFilePath = "models/x" };
        Api.Rows.Models[model.Id] = model;
        var deployment = new Deployment
        {
            Id = Guid.NewGuid(),
            ModelId = model.Id,
            SiteId = Guid.NewGuid(),
            DeploymentStatus = DeploymentStatus.Active,
            ConfidenceThreshold = 0.5m,
            ApiAccessEnabled = true,
        };
        return Api.Rows.Deployments[deployment.Id] = change?.Invoke(deployment) ?? deployment;
    }
}
