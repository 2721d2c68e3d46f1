using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Npgsql;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Tests.Models.Packages;

/// <summary>Exports and imports over HTTP, and a look at what is stored.</summary>
internal static class PackageRequests
{
    /// <summary>A version with a file of every role and every column that travels.</summary>
    public static async Task<AiModel> RegisterCompleteAsync(this ControlSilo silo, string name)
    {
        var files = silo.Get<IModelFiles>();
        var id = Guid.CreateVersion7();
        var model = await SaveAsync(files, $"weights of {name}{new string('w', 3000)}");
        var labels = await SaveAsync(files, $"labels of {name}");
        var manual = await SaveAsync(files, $"manual of {name}");
        var picture = await SaveAsync(files, $"picture of {name}");
        var columns = new JsonObject
        {
            ["id"] = id, ["name"] = name, ["version"] = "1.0", ["model_type"] = "person_detection", ["category"] = "Person Detection",
            ["model_file_path"] = model.Path, ["labels_file_path"] = labels.Path, ["weights_file_path"] = model.Path,
            ["config_file_path"] = (await SaveAsync(files, $"config of {name}")).Path,
            ["model_file_size_mb"] = 0, ["input_resolution_width"] = 640, ["input_resolution_height"] = 480, ["input_channels"] = 3,
            ["output_classes"] = new JsonArray("person", "Schutzhelm ⛑"), ["batch_size_max"] = 8, ["batch_size_optimal"] = 4,
            ["confidence_threshold_default"] = 0.35, ["changelog"] = "Sees at night.", ["source_url"] = "https://example.org/model.onnx",
            ["description"] = "Menschen auf der Baustelle", ["framework"] = "YOLOv8", ["architecture"] = "n", ["author"] = "A", ["organization"] = "O",
            ["training_dataset_info"] = new JsonObject { ["pictures"] = 12 }, ["training_completed_date"] = "2026-01-02T03:04:05Z",
            ["license_type"] = "Apache-2.0", ["export_restrictions"] = "not: KP", ["license_seats"] = 7, ["baseline_accuracy"] = 91.25,
            ["recommended_gpu_models"] = new JsonArray("H200"),
        };
        var configuration = new ModelConfiguration
        {
            Decoder = "yolov8", InputWidth = 640, InputHeight = 480, ConfidenceThreshold = 0.3, Scale = [0.00392156862745098],
        };
        var row = JsonSerializer.Deserialize<AiModel>(columns, FleetJson.Options)! with
        {
            Configuration = JsonText.From(configuration),
            AttachedFiles =
            [
                new() { Kind = AttachedFileKind.Documentation, Name = "manual.md", Path = manual.Path, Size = manual.Size, ContentType = "text/markdown" },
                new() { Kind = AttachedFileKind.Evidence, Name = "one.jpg", Path = picture.Path, Size = picture.Size, ContentType = "image/jpeg" },
            ],
        };
        return await silo.Get<IGrainFactory>().GetGrain<IModelGrain>(id).Register(row);
    }

    public static async Task<byte[]> ExportAsync(this ControlSilo silo, Guid model)
    {
        var answer = await silo.Administrator.Get($"/api/admin/ai-models/{model}/package");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes.Length, answer.Content.Headers.ContentLength);
        return bytes;
    }

    public static async Task<HttpResponseMessage> ImportAsync(this ControlSilo silo, byte[] package, string query = "")
    {
        using var body = TestPackage.Body(package);
        return await silo.Administrator.PostAsync(new Uri($"/api/admin/ai-models/import{query}", UriKind.Relative), body);
    }

    /// <summary>Imports what must be refused, and makes sure that nothing of it is stored.</summary>
    public static async Task<JsonObject> RefuseAsync(
        this ControlSilo silo, byte[] package, HttpStatusCode status, string? field, string query = "?version=refused")
    {
        var before = await silo.StoredAsync();
        var problem = await (await silo.ImportAsync(package, query)).ReadProblem(status, field);
        Assert.Equal(before, await silo.StoredAsync());
        return problem;
    }

    /// <summary>Names of all stored files and versions.</summary>
    public static async Task<string> StoredAsync(this ControlSilo silo)
    {
        await using var connection = new NpgsqlConnection(silo.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT sha256::TEXT FROM model_files UNION ALL SELECT name || ' ' || version FROM ai_models ORDER BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var all = new StringBuilder();
        while (await reader.ReadAsync())
        {
            all.AppendLine(reader.GetString(0));
        }

        return all.ToString();
    }

    private static async Task<StoredFile> SaveAsync(IModelFiles files, string content) =>
        await files.SaveAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), CancellationToken.None);
}
