using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Silo.Models;

namespace OrleansAiFleet.Silo.Tests.Models;

/// <summary>Files are fetched from where the fleet's owner allows it, whatever name, spelling or redirect is tried.</summary>
public sealed class ModelSourcesTests : IAsyncLifetime
{
    private readonly FilesInMemory _files = new();
    private WebApplication _server = null!;

    private string Root => _server.Urls.First();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet("/models/helmets.onnx", () => Results.Bytes(new byte[1000]));
        _server.MapGet("/models/large.onnx", () => Results.Bytes(new byte[100_001]));
        _server.MapGet("/models/endless.onnx", async (HttpContext context) =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await context.Response.Body.WriteAsync(new byte[1000]);
            }
        });
        _server.MapGet("/models/moved.onnx", () => Results.Redirect("/models/helmets.onnx"));
        _server.MapGet("/models/round.onnx", () => Results.Redirect("/models/round.onnx"));
        _server.MapGet("/models/out.onnx", () => Results.Redirect("/private/secret.onnx"));
        _server.MapGet("/models/metadata.onnx", () => Results.Redirect("http://169.254.169.254/latest"));
        _server.MapGet("/private/secret.onnx", () => Results.Bytes(new byte[10]));
        await _server.StartAsync();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/models/helmets.onnx")]
    [InlineData("/models/moved.onnx")]
    [InlineData("/models/../models/helmets.onnx?token=x")]
    public async Task File_at_an_allowed_address_is_stored(string path) => Assert.Equal(1000, await FetchAsync(Root + path));

    [Theory]
    [InlineData("/private/secret.onnx", "none of those")]
    [InlineData("/models/../private/secret.onnx", "none of those")]
    [InlineData("/models/%2e%2e/private/secret.onnx", "none of those")]
    [InlineData("/models/out.onnx", "none of those")]
    [InlineData("/models/metadata.onnx", "none of those")]
    [InlineData("/models/round.onnx", "302")]
    [InlineData("/models/none.onnx", "404")]
    [InlineData("/models/large.onnx", "100001 bytes")]
    public async Task Address_that_is_not_allowed_or_gives_no_file_is_refused(string path, string reason)
    {
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => FetchAsync(Root + path));

        Assert.Equal((RefusalKind.Invalid, "source_url"), (refused.Kind, refused.Field));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost.evil.example/models/helmets.onnx")]
    [InlineData("ftp://127.0.0.1/models/helmets.onnx")]
    [InlineData("file:///etc/passwd")]
    [InlineData("helmets.onnx")]
    [InlineData("")]
    public async Task Address_of_another_place_is_refused(string url) =>
        await Assert.ThrowsAsync<FleetRefusedException>(() => FetchAsync(url));

    [Fact]
    public async Task User_in_the_address_is_refused() => await Assert.ThrowsAsync<FleetRefusedException>(
        () => FetchAsync(Root.Replace("http://", "http://user:secret@", StringComparison.Ordinal) + "/models/helmets.onnx"));

    [Fact]
    public async Task Private_network_is_refused_where_it_is_not_named()
    {
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => FetchAsync(Root + "/models/helmets.onnx", networks: []));

        Assert.Contains("private or reserved network", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_without_an_end_stops_at_the_limit()
    {
        var refused = await Assert.ThrowsAsync<BadHttpRequestException>(() => FetchAsync(Root + "/models/endless.onnx"));

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, refused.StatusCode);
    }

    [Fact]
    public async Task Nothing_is_fetched_where_no_address_is_allowed() =>
        await Assert.ThrowsAsync<FleetRefusedException>(() => FetchAsync(Root + "/models/helmets.onnx", allowed: []));

    private async Task<long> FetchAsync(string url, string[]? networks = null, string[]? allowed = null)
    {
        using var sources = new ModelSources(
            Options.Create(new ModelSourceOptions { Allowed = allowed ?? [Root + "/models/"], Networks = networks ?? ["127.0.0.0/8"] }),
            Options.Create(new ModelUploadOptions { MaxUploadBytes = 100_000 }));
        return (await sources.FetchAsync(url, new UploadedFiles(_files, new()), CancellationToken.None)).Size;
    }
}
