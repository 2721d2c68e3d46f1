using System.Net;

using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models;

[Collection(ApiTests.Name)]
public sealed class ModelUploadTests(ApiFixture api)
{
    [Fact]
    public async Task Upload_becomes_a_registered_model_of_what_inspection_found()
    {
        using var form = Form("Helmets", content: "weights of helmets"u8.ToArray());
        form.Add(new StringContent("helmet\nvest\n"), "labels");
        form.Add(new StringContent("""{"decoder": "yolov8"}"""), "configuration");

        var answer = await Upload(form);

        var model = await answer.Read<AiModel>(HttpStatusCode.Created);
        Assert.Equal($"/api/admin/ai-models/{model.Id}", answer.Headers.Location?.ToString());
        Assert.Equal<string>(["helmet", "vest"], model.OutputClasses!);
        Assert.Equal("yolov8", model.Configuration?.To<ModelConfiguration>()?.Decoder);
        Assert.Equal(ModelType.ObjectDetection, model.ModelType);
        Assert.Equal((640, 4, 8, 0.3m), (model.InputResolutionWidth, model.BatchSizeOptimal, model.BatchSizeMax, model.ConfidenceThresholdDefault));
        Assert.Contains(model.ModelFilePath, api.Files.Paths);
        Assert.Equal(model.Id, (await (await api.Http.Get($"/api/admin/ai-models/{model.Id}")).Read<AiModel>()).Id);
    }

    [Fact]
    public async Task File_is_stored_while_it_still_arrives()
    {
        using var form = Form("Streamed", content: []);
        var body = new PausedStream(new byte[100_000], api.Files.FirstBytes.Task);
        form.Add(new StreamContent(body, bufferSize: 8192), "file", "model.onnx");

        var answer = await Upload(form).WaitAsync(TimeSpan.FromSeconds(20));

        await answer.Read<AiModel>(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Fault_of_the_model_names_its_field_and_leaves_no_file()
    {
        using var form = Form("Broken", content: "weights of broken"u8.ToArray());
        form.Add(new StringContent("broken"), "labels");

        var answer = await Upload(form);

        await answer.ReadProblem(HttpStatusCode.BadRequest, "labels");
        AssertNotStored("weights of broken"u8);
    }

    [Fact]
    public async Task Name_that_is_taken_leaves_no_file()
    {
        using var form = Form("taken", content: "weights of taken"u8.ToArray());

        var answer = await Upload(form);

        await answer.ReadProblem(HttpStatusCode.Conflict, "name");
        AssertNotStored("weights of taken"u8);
    }

    [Fact]
    public async Task Registration_of_unknown_outcome_keeps_its_file()
    {
        using var form = Form("slow", content: "weights of slow"u8.ToArray());

        var answer = await Upload(form);

        await answer.ReadProblem(HttpStatusCode.ServiceUnavailable, field: null);
        Assert.Contains(PathOf("weights of slow"u8), api.Files.Paths);
    }

    [Fact]
    public async Task Repeated_upload_with_an_id_answers_the_same_model()
    {
        var id = Guid.NewGuid();

        var answers = new List<AiModel>();
        for (var i = 0; i < 2; i++)
        {
            using var form = Form("Again", content: "weights of again"u8.ToArray());
            form.Add(new StringContent(id.ToString()), "id");
            answers.Add(await (await Upload(form)).Read<AiModel>(HttpStatusCode.Created));
        }

        Assert.All(answers, model => Assert.Equal(id, model.Id));
        Assert.Contains(answers[0].ModelFilePath, api.Files.Paths);
    }

    [Theory]
    [InlineData("name", null, "name")]
    [InlineData("category", "Weather", "category")]
    [InlineData("input_resolution_width", "416", "input_resolution_width")]
    [InlineData("output_classes", "[\"dog\"]", "output_classes")]
    [InlineData("training_images_count", "many", "training_images_count")]
    [InlineData("training_images_count", "[1]", "training_images_count")]
    [InlineData("approval_status", "approved", "approval_status")]
    [InlineData("model_file_path", "sha256/00", "model_file_path")]
    [InlineData("model_type", "telepathy", "model_type")]
    [InlineData("configuration", "{ no json", "configuration")]
    [InlineData("configuration", """{"input_width": "wide"}""", "configuration.input_width")]
    [InlineData("id", "7", "id")]
    [InlineData("labels", "[1, 2", "labels")]
    [InlineData("colour", "blue", "colour")]
    public async Task Field_that_cannot_be_taken_is_named_and_leaves_no_file(string field, string? value, string named)
    {
        var content = System.Text.Encoding.UTF8.GetBytes($"weights with {field} {value}");
        using var form = Form("Fields", content, leaveOut: field);
        if (value is not null)
        {
            form.Add(new StringContent(value), field);
        }

        var answer = await Upload(form);

        await answer.ReadProblem(HttpStatusCode.BadRequest, named);
        AssertNotStored(content);
    }

    [Fact]
    public async Task Upload_without_a_file_is_refused()
    {
        using var form = Form("Nothing", content: []);

        await (await Upload(form)).ReadProblem(HttpStatusCode.BadRequest, "file");
    }

    [Fact]
    public async Task Two_files_are_refused_and_the_first_does_not_stay()
    {
        using var form = Form("Two", content: "first of two"u8.ToArray());
        form.Add(new ByteArrayContent([1, 2, 3]), "file", "second.onnx");

        await (await Upload(form)).ReadProblem(HttpStatusCode.BadRequest, "file");
        AssertNotStored("first of two"u8);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task File_above_the_limit_is_too_large_whether_or_not_its_length_is_told(bool chunked)
    {
        using var form = Form("Large", new byte[ApiFixture.MaxUploadBytes + 1]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/admin/ai-models") { Content = form };
        request.Headers.TransferEncodingChunked = chunked;

        var answer = await api.Http.SendAsync(request);

        await answer.ReadProblem(HttpStatusCode.RequestEntityTooLarge, field: null);
    }

    [Fact]
    public async Task Json_instead_of_an_upload_is_refused() =>
        await (await api.Http.Post("/api/admin/ai-models", new { name = "Helmets" })).ReadProblem(HttpStatusCode.UnsupportedMediaType, field: null);

    private Task<HttpResponseMessage> Upload(MultipartFormDataContent form) =>
        api.Http.PostAsync(new Uri("/api/admin/ai-models", UriKind.Relative), form);

    private void AssertNotStored(ReadOnlySpan<byte> content) => Assert.DoesNotContain(PathOf(content), api.Files.Paths);

    private static string PathOf(ReadOnlySpan<byte> content) =>
        $"sha256/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))}";

    private static MultipartFormDataContent Form(string name, byte[] content, string? leaveOut = null)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, value) in (IEnumerable<(string, string)>)
            [("name", name), ("version", "1.0"), ("model_type", "object_detection"), ("category", "Safety Compliance")])
        {
            if (field != leaveOut)
            {
                form.Add(new StringContent(value), field);
            }
        }

        if (content.Length > 0)
        {
            form.Add(new ByteArrayContent(content), "file", "model.onnx");
        }

        return form;
    }
}
