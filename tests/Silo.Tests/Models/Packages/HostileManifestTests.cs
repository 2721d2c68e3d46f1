using System.Net;
using System.Text;
using System.Text.Json.Nodes;

using OrleansAiFleet.Silo.Tests.Access;

namespace OrleansAiFleet.Silo.Tests.Models.Packages;

/// <summary>Manifests whose signature is good, by a fleet that is trusted and broken into.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class HostileManifestTests(ControlSilo silo) : IAsyncLifetime
{
    private static readonly byte[] MasterKey = new byte[32];

    private TestPackage _good = null!;

    public async Task InitializeAsync()
    {
        var model = await silo.RegisterCompleteAsync($"Manifest {Guid.NewGuid():N}");
        _good = await TestPackage.ReadAsync(await silo.ExportAsync(model.Id));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("format", "\"something else\"")]
    [InlineData("format", null)]
    [InlineData("format_version", "2")]
    [InlineData("format_version", "\"1\"")]
    [InlineData("format_version", "1e99")]
    [InlineData("exported_at", "\"yesterday\"")]
    [InlineData("exported_by", "null")]
    [InlineData("key_id", "\"0\"")]
    [InlineData("exported_from", "{}")]
    [InlineData("exported_from", "null")]
    [InlineData("model", "[]")]
    [InlineData("model", "null")]
    [InlineData("files", "{}")]
    [InlineData("files", "[]")]
    [InlineData("files", "[null]")]
    [InlineData("files", null)]
    [InlineData("more", "1")]
    public async Task Part_that_is_not_as_it_must_be_is_refused(string part, string? json)
    {
        var package = _good.Resigned(MasterKey, manifest => Set(manifest, part, json));

        await silo.RefuseAsync(package.ToBytes(), HttpStatusCode.BadRequest, "manifest.json");
    }

    [Theory]
    [InlineData("status", "\"approved\"", "manifest.json")]
    [InlineData("approved_by", "\"01a22937-5550-7cc4-92c8-2e64844e41c5\"", "manifest.json")]
    [InlineData("model_file_path", "\"sha256/00\"", "manifest.json")]
    [InlineData("id", "\"01a22937-5550-7cc4-92c8-2e64844e41c5\"", "manifest.json")]
    [InlineData("labels", "\"x\"", "manifest.json")]
    [InlineData("name", null, "name")]
    [InlineData("name", "7", "name")]
    [InlineData("name", "\"a\\u0000b\"", "manifest.json")]
    [InlineData("description", "\"\\ud800\"", "manifest.json")]
    [InlineData("training_dataset_info", "{\"\\ud800\": 1}", "manifest.json")]
    [InlineData("training_dataset_info", "{\"a\\u0000\": 1}", "manifest.json")]
    [InlineData("training_images_count", "1e99", "training_images_count")]
    [InlineData("training_images_count", "-1", "training_images_count")]
    [InlineData("baseline_accuracy", "\"good\"", "baseline_accuracy")]
    [InlineData("export_restrictions", "\"ask legal\"", "export_restrictions")]
    [InlineData("category", "\"Weather\"", "category")]
    [InlineData("category", null, "category")]
    [InlineData("model_type", "\"telepathy\"", "model_type")]
    [InlineData("model_type", "7", "model_type")]
    [InlineData("output_classes", "7", "output_classes")]
    [InlineData("output_classes", "[\"a\", null]", "output_classes")]
    [InlineData("output_classes", "[\"broken\"]", "labels")]
    [InlineData("configuration", "7", "configuration")]
    [InlineData("configuration", "{\"input_width\": \"wide\"}", "configuration.input_width")]
    [InlineData("source_url", "[]", "source_url")]
    public async Task Column_that_is_not_the_exporters_or_has_an_impossible_value_is_refused(string column, string? json, string field)
    {
        // A node refuses to write what is no Unicode: it comes in afterwards.
        var writable = json?.Replace("\\ud800", "LONE", StringComparison.Ordinal);
        var package = _good.Resigned(MasterKey, manifest => Set(manifest["model"]!.AsObject(), column, writable));
        var text = Encoding.UTF8.GetString(package.Manifest).Replace("LONE", "\\ud800", StringComparison.Ordinal);
        package = package.Resigned(MasterKey, Encoding.UTF8.GetBytes(text));

        await silo.RefuseAsync(package.ToBytes(), HttpStatusCode.BadRequest, field);
    }

    [Theory]
    [InlineData("role", "\"virus\"")]
    [InlineData("role", "17")]
    [InlineData("role", "\"weights\"")]
    [InlineData("name", "\"../model.onnx\"")]
    [InlineData("name", "\"..\"")]
    [InlineData("name", "\"a\\\\b\"")]
    [InlineData("name", "\"a\\nb\"")]
    [InlineData("name", "\"\"")]
    [InlineData("content_type", "\"nonsense\"")]
    [InlineData("content_type", "\"text/html\\r\\nX: y\"")]
    [InlineData("sha256", "\"../../x\"")]
    [InlineData("sha256", "\"ABCDEF\"")]
    [InlineData("sha256", "null")]
    [InlineData("size", "0")]
    [InlineData("size", "-1")]
    [InlineData("size", "9223372036854775807")]
    [InlineData("size", "1e300")]
    [InlineData("size", null)]
    [InlineData("more", "1")]
    public async Task File_that_cannot_be_is_refused(string property, string? json)
    {
        var package = _good.Resigned(MasterKey, manifest => Set(manifest["files"]![0]!.AsObject(), property, json));

        await silo.RefuseAsync(package.ToBytes(), HttpStatusCode.BadRequest, "manifest.json");
    }

    [Fact]
    public async Task Name_twice_two_sizes_of_a_content_and_too_many_files_are_refused()
    {
        await RefuseAsync(manifest => Files(manifest).Add(Files(manifest)[^1]!.DeepClone()));
        await RefuseAsync(manifest => Files(manifest)[1]!["size"] = 7);
        await RefuseAsync(manifest =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                var file = Files(manifest)[^1]!.DeepClone();
                file["name"] = $"{i}";
                Files(manifest).Add(file);
            }
        });
    }

    [Fact]
    public async Task File_that_the_manifest_gives_another_hash_is_not_stored()
    {
        var package = _good.Resigned(MasterKey, manifest => Files(manifest)[^1]!["sha256"] = new string('a', 64));
        package.Entries[^1] = ($"files/{new string('a', 64)}", package.Entries[^1].Content);

        await silo.RefuseAsync(package.ToBytes(), HttpStatusCode.BadRequest, $"files/{new string('a', 64)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("\"manifest\"")]
    [InlineData("{\"format\": \"a\", \"format\": \"b\"}")]
    [InlineData("\ufeff{}")]
    public async Task Text_that_is_no_manifest_is_refused(string text)
    {
        var package = _good.Resigned(MasterKey, Encoding.UTF8.GetBytes(text));

        await silo.RefuseAsync(package.ToBytes(), HttpStatusCode.BadRequest, "manifest.json");
    }

    [Fact]
    public async Task Manifest_that_is_deep_or_no_utf8_or_says_a_column_twice_is_refused()
    {
        byte[][] manifests =
        [
            Encoding.UTF8.GetBytes(new string('[', 500_000)),
            [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D],
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_good.Manifest).Replace("\"name\":", "\"name\": \"twice\", \"name\":", StringComparison.Ordinal)),
        ];
        foreach (var manifest in manifests)
        {
            await silo.RefuseAsync(_good.Resigned(MasterKey, manifest).ToBytes(), HttpStatusCode.BadRequest, "manifest.json");
        }
    }

    private static JsonArray Files(JsonObject manifest) => manifest["files"]!.AsArray();

    private async Task RefuseAsync(Action<JsonObject> change) =>
        await silo.RefuseAsync(_good.Resigned(MasterKey, change).ToBytes(), HttpStatusCode.BadRequest, "manifest.json");

    private static void Set(JsonObject target, string name, string? json)
    {
        target.Remove(name);
        if (json is not null)
        {
            target[name] = JsonNode.Parse(json);
        }
    }
}
