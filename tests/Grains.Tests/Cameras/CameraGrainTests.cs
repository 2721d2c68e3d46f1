using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Cameras;

public sealed class CameraGrainTests(SharedCluster shared) : IClassFixture<SharedCluster>, IAsyncLifetime
{
    private readonly Site _site = Rows.Site();
    private Camera _asked = null!;

    private ICameraGrain Grain => shared.Cluster.Grains.GetGrain<ICameraGrain>(_asked.Id);

    public async Task InitializeAsync()
    {
        _asked = Rows.Camera(_site.Id);
        await shared.Cluster.Grains.GetGrain<ISiteGrain>(_site.Id).Create(_site);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Credentials_are_kept_apart_and_never_come_back()
    {
        var withCredentials = _asked with { SourceUrl = "rtsp://admin:s%40cret@10.0.0.7/gate" };

        var created = await Grain.Create(withCredentials);
        var again = await Grain.Create(withCredentials);
        var read = await Grain.Get();

        Assert.All(new[] { created, again, read! }, camera =>
        {
            Assert.Equal("rtsp://10.0.0.7/gate", camera.SourceUrl);
            Assert.Null(camera.SourceCredentials);
        });
        var stored = shared.Cluster.Store.Row<Camera>(Grain, StateNames.Camera)!.SourceCredentials!;
        Assert.StartsWith(ICameraSecrets.Mark, stored, StringComparison.Ordinal);
        Assert.Equal("admin:s@cret", new ReversedSecrets().Unprotect(_asked.Id, stored));
    }

    [Fact]
    public async Task Address_whose_query_lets_one_in_is_kept_without_it()
    {
        var created = await Grain.Create(_asked with { SourceUrl = "http://10.0.0.7/live?channel=1&token=s%2Fcret", SourceCredentials = "admin:one" });

        Assert.Equal("http://10.0.0.7/live", created.SourceUrl);
        var stored = shared.Cluster.Store.Row<Camera>(Grain, StateNames.Camera)!.SourceCredentials!;
        Assert.Equal("admin:one\n?channel=1&token=s%2Fcret", new ReversedSecrets().Unprotect(_asked.Id, stored));
    }

    [Fact]
    public async Task Other_credentials_are_another_camera()
    {
        await Grain.Create(_asked with { SourceUrl = "rtsp://admin:one@10.0.0.7/gate" });

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => Grain.Create(_asked with { SourceUrl = "rtsp://admin:two@10.0.0.7/gate" }));

        Assert.Equal((RefusalKind.Conflict, "id"), (refused.Kind, refused.Field));
        Assert.DoesNotContain("two", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Camera_of_a_site_that_is_not_there_is_refused()
    {
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => Grain.Create(_asked with { SiteId = Guid.NewGuid() }));

        Assert.Equal((RefusalKind.NotFound, "site_id"), (refused.Kind, refused.Field));
        Assert.Null(await Grain.Get());
    }

    [Theory]
    [InlineData("concat:/etc/passwd")]
    [InlineData("gopher://user:secret@host/")]
    [InlineData("relative/clip.mp4")]
    [InlineData("")]
    public async Task Source_of_a_forbidden_kind_is_refused_without_being_quoted(string source)
    {
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Create(_asked with { SourceUrl = source }));

        Assert.Equal((RefusalKind.Invalid, "source_url"), (refused.Kind, refused.Field));
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.Null(await Grain.Get());
    }

    [Theory]
    [InlineData("name")]
    [InlineData("sampling_fps")]
    [InlineData("working_size")]
    [InlineData("motion_threshold")]
    [InlineData("motion_minimum_area_percent")]
    [InlineData("sampling_mode")]
    [InlineData("scene")]
    [InlineData("source_credentials")]
    public async Task Faulty_row_is_refused_with_the_field_at_fault(string field)
    {
        Camera[] rows = field switch
        {
            "name" => [_asked with { Name = "" }],
            "sampling_fps" =>
                [_asked with { SamplingFps = 121 }, _asked with { SamplingFps = -1 }, _asked with { SamplingFps = double.NaN }],
            "working_size" => [_asked with { WorkingSize = 63 }, _asked with { WorkingSize = 3841 }],
            "motion_threshold" => [_asked with { MotionThreshold = 0 }, _asked with { MotionThreshold = 256 }],
            "motion_minimum_area_percent" => [_asked with { MotionMinimumAreaPercent = 100.1 }],
            "scene" => [_asked with { Scene = new('x', 65) }, _asked with { Scene = "gate\ntwo" }, _asked with { Scene = "\0" }],
            "sampling_mode" => [_asked with { SamplingMode = (SamplingMode)9 }],
            _ =>
            [
                _asked with { SourceUrl = "rtsp://a:b@host/", SourceCredentials = "c:d" },
                _asked with { SourceCredentials = "c:d\n?token=x" },
            ],
        };

        foreach (var row in rows)
        {
            var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Create(row));
            Assert.Equal((RefusalKind.Invalid, field), (refused.Kind, refused.Field));
        }
    }
}
