using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

using Npgsql;

using OrleansAiFleet.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models;

/// <summary>Uploads that come in pieces, as clients of the tus protocol send them.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class ModelUploadsTests(ControlSilo silo)
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes((2 << 20) + 12_345);

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(700_001)]
    [InlineData(10_000_000)]
    public async Task File_that_comes_in_pieces_is_registered_as_it_was(int piece)
    {
        var upload = await BeginAsync(Content.Length);
        for (var offset = 0; offset < Content.Length; offset += piece)
        {
            var answer = await PatchAsync(upload, offset, Content.AsMemory(offset, Math.Min(piece, Content.Length - offset)));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Equal($"{Math.Min(offset + piece, Content.Length)}", Assert.Single(answer.Headers.GetValues("Upload-Offset")));
        }

        var sha256 = Convert.ToHexString(SHA256.HashData(Content));
        var model = await RegisterAsync(new { upload_id = upload, name = $"M {upload:N}", category = "Person Detection", sha256 });

        Assert.Equal($"sha256/{sha256.ToLowerInvariant()}", model.ModelFilePath);
        await (await silo.Administrator.Get($"/api/admin/model-uploads/{upload}")).ReadProblem(HttpStatusCode.NotFound, field: null);
    }

    [Fact]
    public async Task Upload_that_broke_off_goes_on_where_it_ended()
    {
        var upload = await BeginAsync(Content.Length);
        await BreakOffAsync(upload, Content.AsMemory(0, 1_500_000));

        var offset = await OffsetWhenIdleAsync(upload);
        Assert.InRange(offset, 1 << 20, 1_500_000);
        var answer = await PutAsync(upload, offset, Content.AsMemory((int)offset));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var model = await RegisterAsync(new { upload_id = upload, name = $"M {upload:N}", category = "Person Detection" });
        Assert.Equal($"sha256/{Convert.ToHexStringLower(SHA256.HashData(Content))}", model.ModelFilePath);
    }

    [Fact]
    public async Task Of_two_who_send_the_same_piece_one_is_told_where_the_upload_ends()
    {
        var upload = await BeginAsync(100_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PatchAsync(upload, 0, Content.AsMemory(0, 50_000))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent), answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
        Assert.Equal(50_000, await OffsetAsync(upload));
    }

    [Fact]
    public async Task Pieces_that_do_not_fit_are_refused_and_nothing_of_them_stays()
    {
        var upload = await BeginAsync(1000);

        await (await PatchAsync(upload, 1, Content.AsMemory(0, 10))).ReadProblem(HttpStatusCode.Conflict, "Upload-Offset");
        await (await PatchAsync(upload, 0, Content.AsMemory(0, 1001))).ReadProblem(HttpStatusCode.BadRequest, "Upload-Offset");
        await (await PutAsync(upload, 0, Content.AsMemory(0, 10), total: 999)).ReadProblem(HttpStatusCode.BadRequest, "Content-Range");
        await (await SendAsync(HttpMethod.Put, upload, Content.AsMemory(0, 10), ("Content-Range", "pages 1-2/3")))
            .ReadProblem(HttpStatusCode.BadRequest, "Content-Range");
        await (await SendAsync(HttpMethod.Patch, upload, Content.AsMemory(0, 10), ("Upload-Offset", "-1")))
            .ReadProblem(HttpStatusCode.BadRequest, "Upload-Offset");

        Assert.Equal(0, await OffsetAsync(upload));
        var early = await silo.Administrator.Post(
            "/api/admin/ai-models/register", new { upload_id = upload, name = "Early", category = "Person Detection" });
        await early.ReadProblem(HttpStatusCode.Conflict, "upload_id");
    }

    [Theory]
    [InlineData("0", "Upload-Length", HttpStatusCode.BadRequest)]
    [InlineData("many", "Upload-Length", HttpStatusCode.BadRequest)]
    [InlineData("99999999999999999999", "Upload-Length", HttpStatusCode.BadRequest)]
    [InlineData("9999999999", null, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Length_that_cannot_be_is_refused(string length, string? field, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/admin/model-uploads") { Headers = { { "Upload-Length", length } } };

        await (await silo.Administrator.SendAsync(request)).ReadProblem(status, field);
    }

    [Fact]
    public async Task Upload_is_its_senders_alone()
    {
        var upload = await BeginAsync(10);
        using var other = await silo.ClientAsync([new(AccessRole.Administrator)]);

        await (await other.Get($"/api/admin/model-uploads/{upload}")).ReadProblem(HttpStatusCode.NotFound, field: null);
        await (await other.Post("/api/admin/ai-models/register", new { upload_id = upload, name = "x", category = "Person Detection" }))
            .ReadProblem(HttpStatusCode.NotFound, "upload_id");
    }

    [Fact]
    public async Task What_has_come_is_encrypted_and_a_changed_piece_is_found()
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("plain text of a model ", 1000)));
        var upload = await BeginAsync(text.Length);
        await PatchAsync(upload, 0, text);
        await using var database = NpgsqlDataSource.Create(silo.ConnectionString);
        await using var read = database.CreateCommand($"SELECT content FROM model_upload_parts WHERE upload_id = '{upload}'");
        var stored = (byte[])(await read.ExecuteScalarAsync())!;
        Assert.Equal(-1, stored.AsSpan().IndexOf("plain text"u8));

        await using var flip = database.CreateCommand(
            $"UPDATE model_upload_parts SET content = set_byte(content, 100, get_byte(content, 100) # 1) WHERE upload_id = '{upload}'");
        await flip.ExecuteNonQueryAsync();
        var answer = await silo.Administrator.Post(
            "/api/admin/ai-models/register", new { upload_id = upload, name = "Changed", category = "Person Detection" });

        var problem = await answer.ReadProblem(HttpStatusCode.BadRequest, "upload_id");
        Assert.Contains("Piece 0", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_learns_what_the_server_can_do_and_another_version_is_refused()
    {
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/api/admin/model-uploads");
        using var anonymous = silo.Anonymous();
        var can = await anonymous.SendAsync(ask);
        using var begin = new HttpRequestMessage(HttpMethod.Post, "/api/admin/model-uploads")
        {
            Headers = { { "Upload-Length", "1" }, { "Tus-Resumable", "0.2.2" } },
        };
        var old = await silo.Administrator.SendAsync(begin);

        Assert.Equal("1.0.0", Assert.Single(can.Headers.GetValues("Tus-Version")));
        Assert.Equal("creation,termination,expiration", Assert.Single(can.Headers.GetValues("Tus-Extension")));
        Assert.Equal(HttpStatusCode.PreconditionFailed, old.StatusCode);
    }

    private async Task<Guid> BeginAsync(long length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/admin/model-uploads")
        {
            Headers =
            {
                { "Upload-Length", $"{length}" }, { "Tus-Resumable", "1.0.0" },
                { "Upload-Metadata", $"filename {Convert.ToBase64String("model.onnx"u8)},note" },
            },
        };
        var upload = await (await silo.Administrator.SendAsync(request)).Read<ShownUpload>(HttpStatusCode.Created);
        Assert.Equal((0, length, "model.onnx"), (upload.Offset, upload.Length, upload.Metadata.To<Dictionary<string, string>>()!["filename"]));
        return upload.Id;
    }

    private Task<HttpResponseMessage> PatchAsync(Guid upload, long offset, ReadOnlyMemory<byte> bytes) =>
        SendAsync(HttpMethod.Patch, upload, bytes, ("Upload-Offset", $"{offset}"));

    private Task<HttpResponseMessage> PutAsync(Guid upload, long offset, ReadOnlyMemory<byte> bytes, long? total = null) =>
        SendAsync(HttpMethod.Put, upload, bytes, ("Content-Range", $"bytes {offset}-{offset + bytes.Length - 1}/{total?.ToString() ?? "*"}"));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Guid upload, ReadOnlyMemory<byte> bytes, (string Name, string Value) header)
    {
        using var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new("application/offset+octet-stream");
        using var request = new HttpRequestMessage(method, $"/api/admin/model-uploads/{upload}") { Content = content };
        if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value))
        {
            content.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return await silo.Administrator.SendAsync(request);
    }

    // Says that more comes, and hangs up.
    private async Task BreakOffAsync(Guid upload, ReadOnlyMemory<byte> bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(silo.Address.Host, silo.Address.Port);
        var stream = client.GetStream();
        var key = silo.Administrator.DefaultRequestHeaders.GetValues("X-Api-Key").Single();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PATCH /api/admin/model-uploads/{upload} HTTP/1.1\r\nHost: {silo.Address.Authority}\r\nX-Api-Key: {key}\r\nUpload-Offset: 0\r\n"
            + $"Content-Type: application/offset+octet-stream\r\nContent-Length: {Content.Length}\r\n\r\n"));
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    private async Task<long> OffsetWhenIdleAsync(Guid upload)
    {
        for (var (last, same) = (-1L, 0); ;)
        {
            var now = await OffsetAsync(upload);
            (last, same) = now == last && now > 0 ? (now, same + 1) : (now, 0);
            if (same == 5)
            {
                return now;
            }

            await Task.Delay(50);
        }
    }

    private async Task<long> OffsetAsync(Guid upload)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/api/admin/model-uploads/{upload}");
        var answer = await silo.Administrator.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return long.Parse(Assert.Single(answer.Headers.GetValues("Upload-Offset")), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<AiModel> RegisterAsync(object body) =>
        await (await silo.Administrator.Post("/api/admin/ai-models/register", body)).Read<AiModel>(HttpStatusCode.Created);
}
