using System.Text.Json;

using Npgsql;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Storage.Models;

using Stored = OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models;

[Collection(ControlSiloTests.Name)]
public sealed class ModelPagesTests(ControlSilo silo) : RegistryRequests(silo), IDisposable
{
    private readonly ModelPages _pages = new(silo.Get<ModelQueries>());

    public void Dispose() => _pages.Dispose();

    [Fact]
    public async Task Row_is_written_once_for_many_pages()
    {
        var (first, second) = (await UploadAsync(), await UploadAsync());
        var page = await PageAsync("created_at");

        var again = await PageAsync("-created_at");

        Assert.Equal([first.Id, second.Id], Read(page).Select(model => model.Id));
        Assert.Same(page.Items[0], again.Items[1]);
        Assert.Same(page.Items[1], again.Items[0]);
    }

    [Fact]
    public async Task Row_is_shown_as_it_is_whoever_changed_it()
    {
        var model = await UploadAsync();
        await PageAsync("name");

        foreach (var author in new[] { "Ada", "Grace" })
        {
            await ExecuteAsync("UPDATE ai_models SET author = $1 WHERE id = $2", author, model.Id);
            Assert.Equal(author, Assert.Single(await ReadAsync()).Author);
        }

        await ExecuteAsync("DELETE FROM ai_models WHERE id = $1", model.Id);
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task Page_ends_with_the_cursor_of_the_next()
    {
        var models = new[] { await UploadAsync(), await UploadAsync() };

        var first = await PageAsync("created_at", new(1, null));
        var second = await PageAsync("created_at", new(1, first.NextCursor));

        Assert.Null(second.NextCursor);
        Assert.Equal(models.Select(model => model.Id), new[] { first, second }.Select(page => Assert.Single(Read(page)).Id));
    }

    private static IReadOnlyList<AiModel> Read(JsonPage page) =>
        [.. page.Items.Select(item => JsonSerializer.Deserialize<AiModel>(item, FleetJson.Options)!)];

    private async Task<IReadOnlyList<AiModel>> ReadAsync() => Read(await PageAsync("name"));

    private Task<JsonPage> PageAsync(string sort, Stored.PageRequest? page = null) =>
        _pages.ListAsync(new() { Name = Name, Sort = sort }, page ?? new(), CancellationToken.None);

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Silo.Get<NpgsqlDataSource>().CreateCommand(sql);
        command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
