using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Cameras;
using OrleansAiFleet.Storage.Deployments;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Metrics;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Sites;

namespace OrleansAiFleet.Storage.Tests.Fleet;

public sealed class PageTests(FleetDatabase database) : IClassFixture<FleetDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Pages_hold_every_row_once_newest_first_though_many_are_of_one_instant()
    {
        var site = await database.StoreAsync(Rows.Site());
        var cameras = new List<Camera>();
        for (var i = 0; i < 11; i++)
        {
            cameras.Add(await database.StoreAsync(Rows.Camera(site) with { CreatedAt = Start.AddMinutes(i / 4) }));
        }

        var pages = await AllAsync(request => database.Get<CameraQueries>()
            .ListAsync(new(SiteId: site.Id), request, CancellationToken.None));

        Assert.Equal([3, 3, 3, 2], pages.Select(page => page.Items.Count));
        var listed = pages.SelectMany(page => page.Items).ToArray();
        Assert.Equal(cameras.Select(camera => camera.Id).Order(), listed.Select(camera => camera.Id).Order());
        var times = listed.Select(camera => camera.CreatedAt).ToArray();
        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public async Task Row_added_between_two_pages_shifts_nothing()
    {
        var site = await database.StoreAsync(Rows.Site());
        var queries = database.Get<CameraQueries>();
        for (var i = 0; i < 4; i++)
        {
            await database.StoreAsync(Rows.Camera(site) with { CreatedAt = Start.AddMinutes(i) });
        }

        var first = await queries.ListAsync(new(SiteId: site.Id), new(Limit: 2), CancellationToken.None);
        await database.StoreAsync(Rows.Camera(site) with { CreatedAt = Start.AddMinutes(9) });
        var second = await queries.ListAsync(new(SiteId: site.Id), new(Limit: 2, first.NextCursor), CancellationToken.None);

        Assert.Equal([Start.AddMinutes(1), Start], second.Items.Select(camera => camera.CreatedAt));
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task Listed_camera_has_no_credentials()
    {
        var site = await database.StoreAsync(Rows.Site());
        await database.StoreAsync(Rows.Camera(site));

        var page = await database.Get<CameraQueries>().ListAsync(new(SiteId: site.Id), new(), CancellationToken.None);

        Assert.Null(Assert.Single(page.Items).SourceCredentials);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    [InlineData("________________________________")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Cursor_that_no_list_gave_is_refused(string cursor)
    {
        var error = await Assert.ThrowsAsync<FleetRefusedException>(
            () => database.Get<SiteQueries>().ListAsync(SiteScope.All, new(Cursor: cursor), CancellationToken.None));

        Assert.Equal((RefusalKind.Invalid, "cursor"), (error.Kind, error.Field));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(501)]
    public async Task Limit_out_of_range_is_refused(int limit)
    {
        var error = await Assert.ThrowsAsync<FleetRefusedException>(
            () => database.Get<SiteQueries>().ListAsync(SiteScope.All, new(limit), CancellationToken.None));

        Assert.Equal((RefusalKind.Invalid, "limit"), (error.Kind, error.Field));
    }

    [Fact]
    public async Task Lists_are_narrowed_by_their_filters()
    {
        var site = await database.StoreAsync(Rows.Site());
        var model = await database.StoreAsync(Rows.Model() with { ModelType = ModelType.Segmentation, Status = ModelStatus.Testing });
        var other = await database.StoreAsync(Rows.Model() with { Name = model.Name, Version = "2" });
        var deployment = await database.StoreAsync(Rows.Deployment(model, site) with { ApiKey = "secret" });
        await database.StoreAsync(Rows.Deployment(other, site) with { DeploymentStatus = DeploymentStatus.Paused });
        var window = await database.StoreAsync(
            new PerformanceMetrics { Id = Guid.NewGuid(), DeploymentId = deployment.Id, MetricTimestamp = Start });

        await ListsAsync(database.Get<ModelQueries>(), new ModelFilter { Name = model.Name, ModelType = ModelType.Segmentation }, model.Id);
        await ListsAsync(database.Get<ModelQueries>(), new ModelFilter { Name = model.Name, Status = ModelStatus.Testing }, model.Id);
        await ListsAsync(database.Get<ModelQueries>(), new ModelFilter { Name = model.Name, Category = model.Category }, model.Id, other.Id);
        var deployments = await database.Get<DeploymentQueries>().ListAsync(
            new(site.Id, Status: DeploymentStatus.Active), new(), CancellationToken.None);
        Assert.Equal((deployment.Id, null), (deployments.Items.Single().Id, deployments.Items.Single().ApiKey));
        await ListsAsync(database.Get<MetricsQueries>(), new MetricsFilter(deployment.Id, From: Start, To: Start.AddTicks(10)), window.Id);
        await ListsAsync(database.Get<MetricsQueries>(), new MetricsFilter(ModelId: model.Id), window.Id);
        await ListsAsync(database.Get<MetricsQueries>(), new MetricsFilter(ModelId: other.Id));
        await ListsAsync(database.Get<MetricsQueries>(), new MetricsFilter(deployment.Id, To: Start));
    }

    private static async Task ListsAsync(ModelQueries queries, ModelFilter filter, params Guid[] expected) =>
        Assert.Equal(
            expected.Order(), (await queries.SearchAsync(filter, new(), CancellationToken.None)).Items.Select(row => row.Id).Order());

    private static async Task ListsAsync(MetricsQueries queries, MetricsFilter filter, params Guid[] expected) =>
        Assert.Equal(
            expected, (await queries.ListAsync(filter, new(), CancellationToken.None)).Items.Select(row => row.Id));

    private static async Task<List<Page<T>>> AllAsync<T>(Func<PageRequest, Task<Page<T>>> list)
    {
        var pages = new List<Page<T>> { await list(new(Limit: 3)) };
        while (pages[^1].NextCursor is { } cursor)
        {
            pages.Add(await list(new(Limit: 3, cursor)));
        }

        return pages;
    }
}
