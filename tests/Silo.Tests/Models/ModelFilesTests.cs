using System.Net;
using System.Text.Json.Nodes;

using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models;

/// <summary>Files that go with a model version: stored, shown, taken away with it.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class ModelFilesTests(ControlSilo silo) : RegistryRequests(silo)
{
    private static readonly byte[] Picture = [0xFF, 0xD8, 0xFF, 1, 2, 3];

    [Fact]
    public async Task Evidence_labels_and_documents_are_kept_and_given_out()
    {
        var category = await CategoryAsync();
        var picture = await PutPictureAsync(category, Picture);
        var model = await UploadAsync(picture.Name);

        var files = await FilesAsync(model.Id);

        Assert.Equal(
            ["weights model.onnx", "configuration configuration.json", "labels labels.txt", "documentation manual.pdf", "evidence evidence-1.jpg"],
            files.Select(file => $"{file.Kind} {file.Name}"));
        Assert.Equal((0.29m, "AGPL-3.0", "Ultralytics"), (model.MemoryRequirementGb, model.LicenseType, model.Author));
        Assert.Equal("helmet\nvest", await TextAsync(model.Id, "files/labels/labels.txt"));
        var manual = await Silo.Administrator.Get($"/api/admin/ai-models/{model.Id}/files/documentation/manual.pdf");
        Assert.Equal("attachment", manual.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("<script>", await manual.Content.ReadAsStringAsync());
        var evidence = await Silo.Administrator.Get($"/api/admin/ai-models/{model.Id}/evidence/evidence-1.jpg");
        Assert.Equal("image/jpeg", evidence.Content.Headers.ContentType?.MediaType);
        Assert.Equal([.. Picture, 0], await evidence.Content.ReadAsByteArrayAsync());
        Assert.True((bool)JsonNode.Parse(model.Validation!.Value.Value)!["tried_on_known_positive"]!);
        Assert.DoesNotContain("/9g", model.Validation.Value.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validation_again_takes_the_picture_of_now()
    {
        var category = await CategoryAsync();
        var model = await UploadAsync(category.Name);
        await PutPictureAsync(category, [.. Picture, 9]);

        var validated = await (await Silo.Administrator.Post($"/api/admin/ai-models/{model.Id}/validate", new { })).Read<StoredModel>();

        Assert.DoesNotContain(model.AttachedFiles, file => file.Kind == AttachedFileKind.Evidence);
        Assert.Contains(await FilesAsync(model.Id), file => file is { Kind: "evidence", Size: 8 });
        Assert.True((bool)JsonNode.Parse(validated.Model.Validation!.Value.Value)!["tried_on_known_positive"]!);
    }

    [Fact]
    public async Task Files_go_with_the_version_and_those_of_others_stay()
    {
        var category = await CategoryAsync();
        var (mine, other) = (await UploadAsync(category.Name), await UploadAsync(category.Name));
        var before = await StoredAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, mine.Id, "*")).StatusCode);

        // Labels, configuration and document are the same content: they are the other's too.
        Assert.Equal([mine.ModelFilePath], (before.Except(await StoredAsync())).Select(sha => $"sha256/{sha}"));
        Assert.Equal("helmet\nvest", await TextAsync(other.Id, "files/labels/labels.txt"));
    }

    [Theory]
    [InlineData("not a picture")]
    [InlineData("")]
    public async Task Picture_that_is_none_is_refused(string content)
    {
        var category = await CategoryAsync();

        using var body = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(content));
        var answer = await Silo.Administrator.PutAsync(KnownPositive(category), body);

        await answer.ReadProblem(HttpStatusCode.BadRequest, "file");
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\x\\manual.pdf", "manual.pdf")]
    [InlineData("a\u202Efdp.exe", "afdp.exe")]
    [InlineData("man\u0000ual\r\n.pdf", "manual.pdf")]
    [InlineData(" .. ", "otherwise")]
    [InlineData("\ud800x", "x")]
    [InlineData(null, "otherwise")]
    public void Names_of_files_lose_what_no_name_should_have(string? given, string expected) =>
        Assert.Equal(expected, FileNames.Clean(given, "otherwise"));

    private static Uri KnownPositive(ModelCategory category) =>
        new($"/api/admin/model-categories/{category.Id}/known-positive", UriKind.Relative);

    private async Task<ModelCategory> CategoryAsync() => await (await Silo.Administrator.Post(
        "/api/admin/model-categories", new { name = $"Kind {Guid.NewGuid():N}", family = "Own" })).Read<ModelCategory>(HttpStatusCode.Created);

    private async Task<ModelCategory> PutPictureAsync(ModelCategory category, byte[] picture)
    {
        using var body = new ByteArrayContent(picture);
        return await (await Silo.Administrator.PutAsync(KnownPositive(category), body)).Read<ModelCategory>();
    }

    private async Task<AiModel> UploadAsync(string category)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Name), "name" },
            { new StringContent(category), "category" },
            { new StringContent("helmet\nvest"), "labels" },
            { new StringContent("""{"decoder": "yolov8"}"""), "configuration" },
            { new StringContent("<script>"), "documentation", "../manual.pdf" },
            { new ByteArrayContent(Guid.NewGuid().ToByteArray()), "file", "model.onnx" },
        };
        return await (await Silo.Administrator.PostAsync(new Uri("/api/admin/ai-models", UriKind.Relative), form)).Read<AiModel>(HttpStatusCode.Created);
    }

    private async Task<ModelFile[]> FilesAsync(Guid model) =>
        await (await Silo.Administrator.Get($"/api/admin/ai-models/{model}/files")).Read<ModelFile[]>();

    private async Task<string> TextAsync(Guid model, string path) =>
        await (await Silo.Administrator.Get($"/api/admin/ai-models/{model}/{path}")).Content.ReadAsStringAsync();

    private async Task<HashSet<string>> StoredAsync()
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(Silo.ConnectionString);
        await using var command = database.CreateCommand("SELECT sha256::TEXT FROM model_files");
        await using var reader = await command.ExecuteReaderAsync();
        var found = new HashSet<string>();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }
}
