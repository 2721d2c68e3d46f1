using System.Buffers.Binary;

using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Tests.Access;

namespace OrleansAiFleet.Silo.Tests.Models.Fuzz;

/// <summary>Changes of registered versions, categories and aliases that are wrong: never a fault, never half done.</summary>
[Collection(FuzzedSilo.Name)]
public sealed class WriteFuzzTests(ControlSilo silo) : RegistryRequests(silo)
{
    private const string Models = "/api/admin/ai-models";
    private const string Categories = "/api/admin/model-categories";
    private const int Seed = 20_260_303;

    private static readonly string[] Columns = [.. ModelColumns.Free, .. ModelColumns.BeforeApproval, .. ModelColumns.Found, "configuration", "status", "id", "\\u0000"];

    private static readonly string[] Steps =
    [
        "start-training", "start-testing", "start-validation", "return-to-development", "approve", "reject", "request-review", "resubmit",
        "deprecate", "reinstate", "archive", "restore",
    ];

    private readonly Random _random = new(Seed);

    [Fact]
    public async Task Changes_of_a_version()
    {
        var attack = new Attack(Silo);
        var model = (await UploadAsync()).Id;
        foreach (var column in Columns)
        {
            foreach (var value in _random.GetItems(Hostile.Json, 12))
            {
                await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}", $$"""{"{{column}}": {{value}}}""");
            }
        }

        foreach (var body in Hostile.Json)
        {
            await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}", body);
            await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}", $$"""{"configuration": {"class_names": {{body}}, "decoder": {{body}} } }""");
        }

        await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}", """{"author": "a", "author": "b", "Author": "c"}""");
        await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}", """{"author": "a"}""", "text/plain");
        await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}", """{"author": "a"}""", "application/json; charset=utf-99");
        await AssertWithstoodAsync(attack, 500);
    }

    [Fact]
    public async Task Bulk_updates()
    {
        var attack = new Attack(Silo);
        Guid[] ids = [(await UploadAsync()).Id, (await UploadAsync()).Id];
        foreach (var value in Hostile.Json)
        {
            await attack.SendAsync(HttpMethod.Post, $"{Models}/bulk-update", $$"""{"ids": {{value}}, "fields": {"author": "a"} }""");
            await attack.SendAsync(HttpMethod.Post, $"{Models}/bulk-update", $$"""{"ids": ["{{ids[0]}}", "{{ids[1]}}"], "fields": {{value}}}""");
            await attack.SendAsync(
                HttpMethod.Post, $"{Models}/bulk-update", $$"""{"ids": ["{{ids[0]}}", "{{ids[1]}}"], "fields": {"{{_random.Any(Columns)}}": {{value}} } }""");
        }

        await attack.SendAsync(HttpMethod.Post, $"{Models}/bulk-update", $$"""{"ids": ["{{ids[0]}}"]}""");
        await AssertWithstoodAsync(attack, 200);
    }

    [Fact]
    public async Task Steps_of_its_life()
    {
        var attack = new Attack(Silo);
        for (var i = 0; i < 8; i++)
        {
            var model = (await UploadAsync()).Id;
            foreach (var step in _random.GetItems(Steps, 20))
            {
                var body = _random.Next(3) switch
                {
                    0 => $$"""{"comment": {{_random.Any(Hostile.Json)}}}""",
                    1 => _random.Any(Hostile.Json),
                    _ => """{"comment": "because"}""",
                };
                await attack.SendAsync(HttpMethod.Post, $"{Models}/{model}/{step}", body);
            }

            await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}/lifecycle-stage", $$"""{"lifecycle_stage": {{_random.Any(Hostile.Json)}}}""");
            await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}/lifecycle-stage", """{"lifecycle_stage": "beta", "comment": "\u0000"}""");
        }

        await attack.SendAsync(HttpMethod.Post, $"{Models}/{Hostile.NoId}/archive", "{}");
        await AssertWithstoodAsync(attack, 150);
    }

    [Fact]
    public async Task Aliases_and_categories()
    {
        var attack = new Attack(Silo);
        var model = (await UploadAsync()).Id;
        var site = await Silo.CreateSiteAsync("Fuzzed");
        foreach (var text in Hostile.Texts)
        {
            var alias = Uri.EscapeDataString(text);
            await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}/aliases/{alias}", (byte[]?)null);
            await attack.SendAsync(HttpMethod.Delete, $"{Models}/{model}/aliases/{alias}", (byte[]?)null);
            await attack.SendAsync(HttpMethod.Put, $"/api/admin/sites/{site}/model-aliases/{alias}", $$"""{"model_id": "{{model}}"}""");
        }

        foreach (var value in Hostile.Json)
        {
            var field = _random.Any((string[])[
                "description", "model_type", "default_classes", "confidence_threshold", "alert_severity", "known_positive_classes", "known_positive_confidence"]);
            await attack.SendAsync(HttpMethod.Post, Categories, $$"""{"name": {{value}}, "family": "Fuzzed"}""");
            await attack.SendAsync(HttpMethod.Post, Categories, $$"""{"name": "{{Guid.NewGuid()}}", "family": {{value}}}""");
            await attack.SendAsync(HttpMethod.Post, Categories, $$"""{"name": "{{Guid.NewGuid()}}", "family": "Fuzzed", "{{field}}": {{value}}}""");
            await attack.SendAsync(HttpMethod.Put, $"/api/admin/sites/{site}/model-aliases/champion", $$"""{"model_id": {{value}}}""");
        }

        await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}/aliases/champion", (byte[]?)null);
        await AssertWithstoodAsync(attack, 300);
    }

    [Fact]
    public async Task Known_positive_pictures()
    {
        var attack = new Attack(Silo);
        var name = $"Pictures {Guid.NewGuid():N}";
        await attack.SendAsync(HttpMethod.Post, Categories, $$"""{"name": "{{name}}", "family": "Fuzzed"}""");
        var path = $"{Categories}/{ModelKeys.OfCategory(name)}/known-positive";
        byte[] huge = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[13], 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(huge.AsSpan(16), 100_000);
        BinaryPrimitives.WriteInt32BigEndian(huge.AsSpan(20), 100_000);
        byte[][] pictures =
        [
            [], "no picture"u8.ToArray(), huge, [.. huge, .. new byte[100_000]], [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF, .. new byte[(8 << 20) + 1]],
            [0xFF, 0xD8, 0xFF, .. Guid.NewGuid().ToByteArray()], "GIF89a"u8.ToArray(), "<svg onload=alert(1)/>"u8.ToArray(),
        ];
        foreach (var picture in pictures)
        {
            await attack.SendAsync(HttpMethod.Put, path, picture, "image/png");
            await attack.SendAsync(HttpMethod.Put, path, picture, "text/html");
            await attack.SendAsync(HttpMethod.Put, $"{Categories}/{Hostile.NoId}/known-positive", picture, "image/png");
        }

        await AssertWithstoodAsync(attack, 20);
    }

    [Fact]
    public async Task Deployments_and_their_licence_overrides()
    {
        var attack = new Attack(Silo);
        var model = (await ApprovedAsync()).Id;
        await attack.SendAsync(HttpMethod.Put, $"{Models}/{model}", """{"license_type": "Trial", "export_restrictions": "only: NZ"}""");
        foreach (var value in Hostile.Json)
        {
            var site = await Silo.CreateSiteAsync("Fuzzed");
            await attack.SendAsync(
                HttpMethod.Post, $"{Models}/{model}/deploy", $$"""{"site_id": "{{site}}", "deployment_name": "Gate", "license_override": {{value}}}""");
            await attack.SendAsync(
                HttpMethod.Post, $"{Models}/{model}/deploy", $$"""{"site_id": "{{site}}", "license_override": "x", "deployment_name": {{value}}}""");
            await attack.SendAsync(
                HttpMethod.Post, "/api/admin/deployments", $$"""{"site_id": "{{site}}", "deployment_name": "G", "model_name": {{value}}, "model_alias": {{value}}}""");
        }

        await AssertWithstoodAsync(attack, 200);
    }

    private async Task AssertWithstoodAsync(Attack attack, int least)
    {
        attack.AssertWithstood(least);
        await Silo.AssertWholeAsync();
    }
}
