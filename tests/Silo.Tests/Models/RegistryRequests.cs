using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Tests.Models;

/// <summary>Requests to the registry about one model.</summary>
public abstract class RegistryRequests(ControlSilo silo)
{
    protected ControlSilo Silo { get; } = silo;

    /// <summary>The model's name.</summary>
    protected string Name { get; } = $"Helmets {Guid.NewGuid():N}";

    protected async Task<AiModel> UploadAsync()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Name), "name" },
            { new StringContent("Person Detection"), "category" },
            { new ByteArrayContent(Guid.NewGuid().ToByteArray()), "file", "model.onnx" },
        };
        return await (await Silo.Administrator.PostAsync(new Uri("/api/admin/ai-models", UriKind.Relative), form)).Read<AiModel>(HttpStatusCode.Created);
    }

    protected async Task<AiModel> ApprovedAsync()
    {
        var model = await UploadAsync();
        for (var i = 0; i < 2; i++)
        {
            using var approver = await Silo.ClientAsync([new(AccessRole.Approver)]);
            await (await StepAsync(approver, model.Id, "approve", "Looks good")).Read<StoredModel>();
        }

        return model;
    }

    protected static Task<HttpResponseMessage> StepAsync(HttpClient http, Guid model, string step, string? comment = null) =>
        http.Post($"/api/admin/ai-models/{model}/{step}", new { comment });

    protected async Task<PointedAlias> PointAsync(Guid model, string alias) =>
        await (await Silo.Administrator.PutAsync(Alias(model, alias), null)).Read<PointedAlias>();

    protected static Uri Alias(Guid model, string alias) => new($"/api/admin/ai-models/{model}/aliases/{alias}", UriKind.Relative);

    protected Task<HttpResponseMessage> DeployAsync(Guid model, Guid site) => Silo.Administrator.Post(
        $"/api/admin/ai-models/{model}/deploy", new { site_id = site, deploymentName = "Gate" });

    protected async Task<Guid> DeployAliasAsync(string alias, Guid site) => (await (await Silo.Administrator.Post(
        "/api/admin/deployments", new { modelName = Name, model_alias = alias, site_id = site, deploymentName = "Gate" }))
        .Read<JsonObject>(HttpStatusCode.Created))["id"]!.GetValue<Guid>();

    protected async Task<Guid> ModelOfAsync(Guid deployment) =>
        (await (await Silo.Administrator.Get($"/api/admin/deployments/{deployment}")).Read<JsonObject>())["model_id"]!.GetValue<Guid>();

    protected async Task<LivePeriod[]> TimelineAsync(Guid site, DateTimeOffset at) =>
        await (await Silo.Administrator.Get($"/api/admin/sites/{site}/model-timeline?at={Uri.EscapeDataString(at.ToString("O"))}")).Read<LivePeriod[]>();

    protected async Task<OrleansAiFleet.Silo.Fleet.Page<AiModel>> ListAsync(string query) =>
        await (await Silo.Administrator.Get($"/api/admin/ai-models?{query}")).Read<OrleansAiFleet.Silo.Fleet.Page<AiModel>>();

    protected async Task<string> TagOfAsync(Guid model) => (await Silo.Administrator.Get($"/api/admin/ai-models/{model}")).Headers.ETag!.Tag;

    protected async Task<HttpResponseMessage> SendAsync(HttpMethod method, Guid model, string? ifMatch, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/api/admin/ai-models/{model}", UriKind.Relative))
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        if (ifMatch is not null)
        {
            request.Headers.IfMatch.Add(ifMatch == "*" ? EntityTagHeaderValue.Any : new(ifMatch));
        }

        return await Silo.Administrator.SendAsync(request);
    }
}
