using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Models.Packages;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Tests.Models.Packages;

/// <summary>A version leaves one fleet and comes into another: real grains, rows, files and keys on both sides.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class PackageRoundTripTests(ControlSilo silo)
{
    private static readonly byte[] MasterKey = new byte[32];
    private static readonly byte[] OtherMasterKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly string[] Local =
    [
        "id", "status", "lifecycle_stage", "approval_status", "approved_by", "approved_at", "created_at", "updated_at", "created_by",
        "last_modified_by", "validation", "decisions", "configuration_revision", "inference_time_ms", "throughput_fps",
    ];

    [Fact]
    public async Task Version_moves_to_a_fleet_that_trusts_this_one_and_is_turned_away_by_one_that_does_not()
    {
        var model = await silo.RegisterCompleteAsync($"Round trip {Guid.NewGuid():N}");
        var package = await silo.ExportAsync(model.Id);
        var key = await (await silo.Administrator.Get("/api/admin/ai-models/package-key")).Read<PackageKey>();
        Assert.Equal(TestPackage.KeyIdOf(MasterKey), key.KeyId);
        Assert.Equal(key.KeyId, Convert.ToHexStringLower(SHA256.HashData(key.PublicKey)));

        var stranger = OtherFleet([]);
        await stranger.InitializeAsync();
        try
        {
            var problem = await stranger.RefuseAsync(package, HttpStatusCode.Forbidden, "manifest.sig", query: "");
            Assert.Contains(key.KeyId, (string)problem["detail"]!, StringComparison.Ordinal);
            Assert.Contains("Fleet:Models:TrustedPublishers", (string)problem["detail"]!, StringComparison.Ordinal);
        }
        finally
        {
            await stranger.DisposeAsync();
        }

        var friend = OtherFleet(new() { ["Fleet:Models:TrustedPublishers:0"] = key.KeyId.ToUpperInvariant() });
        await friend.InitializeAsync();
        try
        {
            await AssertArrivesAsync(friend, model, package);
        }
        finally
        {
            await friend.DisposeAsync();
        }
    }

    [Fact]
    public async Task Package_is_a_tar_file_in_the_order_of_its_manifest_and_openly_readable()
    {
        var model = await silo.RegisterCompleteAsync($"Format {Guid.NewGuid():N}");
        using var answer = await silo.Administrator.Get($"/api/admin/ai-models/{model.Id}/package");
        var package = await TestPackage.ReadAsync(await answer.Content.ReadAsByteArrayAsync());

        var disposition = answer.Content.Headers.ContentDisposition!;
        Assert.Equal(("attachment", "application/x-tar"), (disposition.DispositionType, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal($"{model.Name.Replace(' ', '-')}-1.0.fleet-model.tar", disposition.FileName!.Trim('"'));
        var manifest = JsonNode.Parse(package.Manifest)!;
        var contents = manifest["files"]!.AsArray().Select(file => $"files/{file!["sha256"]}").Distinct();
        Assert.Equal(["manifest.json", "manifest.sig", .. contents], package.Entries.Select(entry => entry.Name));
        Assert.All(package.Entries.Skip(2), entry => Assert.Equal(entry.Name, $"files/{Convert.ToHexStringLower(SHA256.HashData(entry.Content))}"));
        Assert.Equal(["model", "weights", "config", "labels", "documentation", "evidence"], manifest["files"]!.AsArray().Select(file => (string?)file!["role"]));
        Assert.Equal(model.Id, manifest["exported_from"]!["model_id"]!.GetValue<Guid>());
        Assert.DoesNotContain(
            manifest["model"]!.AsObject(), column => Local.Contains(column.Key) || column.Key.EndsWith("_path", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Package_packed_again_by_another_tar_is_taken()
    {
        var model = await silo.RegisterCompleteAsync($"Repacked {Guid.NewGuid():N}");
        var package = await TestPackage.ReadAsync(await silo.ExportAsync(model.Id));
        byte[] padded = [.. package.ToBytes(TarEntryFormat.Gnu), .. new byte[10240]];

        var answer = await silo.ImportAsync(padded, "?version=2.0");

        Assert.Equal("2.0", (await answer.Read<AiModel>(HttpStatusCode.Created)).Version);
    }

    [Fact]
    public async Task Import_begins_anew_and_its_repetition_with_an_id_is_the_same_version()
    {
        var model = await silo.RegisterCompleteAsync($"Again {Guid.NewGuid():N}");
        var package = await silo.ExportAsync(model.Id);
        var id = Guid.CreateVersion7();

        var taken = await silo.RefuseAsync(package, HttpStatusCode.Conflict, "version", query: "");
        var first = await (await silo.ImportAsync(package, $"?id={id}&version=1.1")).Read<AiModel>(HttpStatusCode.Created);
        var again = await (await silo.ImportAsync(package, $"?id={id}&version=1.1")).Read<AiModel>(HttpStatusCode.Created);
        await silo.RefuseAsync(package, HttpStatusCode.Conflict, "id", $"?id={model.Id}&version=1.2");

        Assert.Contains(model.Id.ToString(), (string)taken["detail"]!, StringComparison.Ordinal);
        Assert.Equal((id, id, "1.1"), (first.Id, again.Id, again.Version));
        Assert.Equal((ModelStatus.Development, ApprovalStatus.Pending, 1), (first.Status, first.ApprovalStatus, first.ConfigurationRevision));
        Assert.NotEqual(model.CreatedBy, first.CreatedBy);
        Assert.NotNull(first.CreatedBy);
    }

    [Fact]
    public async Task Imports_of_one_package_at_the_same_time_do_not_take_each_others_files()
    {
        var model = await silo.RegisterCompleteAsync($"At once {Guid.NewGuid():N}");
        var package = await silo.ExportAsync(model.Id);
        var id = Guid.CreateVersion7();

        var same = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => silo.ImportAsync(package, $"?id={id}&version=2")));
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => silo.ImportAsync(package, "?version=3")));

        Assert.All(same, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single(others, answer => answer.StatusCode is HttpStatusCode.Created);
        Assert.Equal(3, others.Count(answer => answer.StatusCode is HttpStatusCode.Conflict));
        Assert.Equal(package.Length, (await silo.ExportAsync(id)).Length);
    }

    [Fact]
    public async Task Export_and_import_and_the_stranger_stand_in_the_audit_trail()
    {
        var model = await silo.RegisterCompleteAsync($"Audited {Guid.NewGuid():N}");
        var package = await silo.ExportAsync(model.Id);
        var imported = await (await silo.ImportAsync(package, "?version=9")).Read<AiModel>(HttpStatusCode.Created);
        var read = await TestPackage.ReadAsync(package);
        await silo.ImportAsync(read.Resigned(OtherMasterKey, read.Manifest).ToBytes());

        var exports = await EntriesAsync("models.export");
        var imports = await EntriesAsync("models.import");

        Assert.Contains(exports, entry => (string?)entry!["target_id"] == model.Id.ToString());
        Assert.Contains(imports, entry => (string?)entry!["target_id"] == imported.Id.ToString() && (string?)entry["outcome"] == "done");
        Assert.Contains(imports, entry => (string?)entry!["outcome"] == "refused"
            && ((string?)entry["reason"])!.Contains(TestPackage.KeyIdOf(OtherMasterKey), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_whose_file_is_lost_is_not_exported() =>
        await (await silo.Administrator.Get($"/api/admin/ai-models/{silo.Model}/package")).ReadProblem(HttpStatusCode.Conflict, field: null);

    [Fact]
    public async Task Who_may_not_upload_may_not_import()
    {
        using var viewer = await silo.ClientAsync([new(AccessRole.Viewer)]);
        using var body = TestPackage.Body([]);

        var answer = await viewer.PostAsync(new Uri("/api/admin/ai-models/import", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static async Task AssertArrivesAsync(ControlSilo there, AiModel model, byte[] package)
    {
        var arrived = await (await there.ImportAsync(package)).Read<AiModel>(HttpStatusCode.Created);
        var (expected, actual) = (Columns(model), Columns(arrived));
        foreach (var name in expected.Select(column => column.Key).Except(Local))
        {
            if (expected[name] is null)
            {
                // What nobody said, validation here may have found out.
                continue;
            }

            Assert.True(JsonNode.DeepEquals(expected[name], actual[name]), $"{name}: {expected[name]} became {actual[name]}");
        }

        Assert.Equal((ModelStatus.Development, ApprovalStatus.Pending), (arrived.Status, arrived.ApprovalStatus));
        var entries = (await TestPackage.ReadAsync(package)).Entries.ToDictionary(entry => entry.Name, entry => entry.Content);
        string?[] paths =
        [
            arrived.ModelFilePath, arrived.WeightsFilePath, arrived.ConfigFilePath, arrived.LabelsFilePath,
            .. arrived.AttachedFiles.Select(file => file.Path),
        ];
        foreach (var path in paths)
        {
            await using var content = await there.Get<ModelFileStore>().OpenReadAsync(path!, CancellationToken.None);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes);
            Assert.Equal(entries[path!.Replace("sha256/", "files/", StringComparison.Ordinal)], bytes.ToArray());
        }
    }

    private static ControlSilo OtherFleet(Dictionary<string, string?> settings) => new()
    {
        Settings = new Dictionary<string, string?>(settings) { ["Fleet:MasterKey:Value"] = Convert.ToBase64String(OtherMasterKey) },
    };

    private static JsonObject Columns(AiModel model) => JsonSerializer.SerializeToNode(model, FleetJson.Options)!.AsObject();

    private async Task<JsonArray> EntriesAsync(string action) =>
        (await (await silo.Administrator.Get($"/api/admin/audit?action={action}")).Read<JsonObject>())["items"]!.AsArray();
}
