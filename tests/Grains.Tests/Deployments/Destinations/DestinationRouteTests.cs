using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Grains.Tests.Deployments.Destinations;

public sealed class DestinationRouteTests
{
    private static readonly Guid Camera = Guid.NewGuid();

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("person", null, true)]
    [InlineData("helmet", null, false)]
    [InlineData("Person", null, false)]
    [InlineData(null, 0.7, true)]
    [InlineData(null, 0.71, false)]
    [InlineData("helmet", 0.1, false)]
    [InlineData("person", 0.7, true)]
    public void Detection_goes_where_class_and_confidence_fit(string? className, double? lowest, bool goes)
    {
        DestinationRoute route = new() { Name = "a", Classes = className is null ? null : [className], MinConfidence = lowest };

        Assert.Equal(goes, route.Takes(Detection("person", 0.7f)));
    }

    [Fact]
    public void Camera_has_the_routes_that_name_it_or_none()
    {
        OutputDestination all = new FileDestination { Name = "all", Directory = "a" };

        var routes = DestinationRoute.Of([all, all with { Name = "mine", Cameras = [Camera] }, all with { Name = "other", Cameras = [Guid.NewGuid()] }], Camera);

        Assert.Equal(["all", "mine"], routes.Select(route => route.Name));
    }

    [Fact]
    public void ZoneMinder_has_what_cameras_with_a_monitor_see_and_of_those_the_ones_that_are_named()
    {
        var unnamed = Guid.NewGuid();
        OutputDestination zm = new ZoneMinderDestination
        {
            Name = "zm", Url = "http://zm.example/zm", Cameras = [Camera, Guid.NewGuid()], Monitors = new Dictionary<Guid, int> { [Camera] = 1, [unnamed] = 2 },
        };

        Assert.Single(DestinationRoute.Of([zm], Camera));
        Assert.Empty(DestinationRoute.Of([zm], unnamed));
        Assert.Single(DestinationRoute.Of([zm with { Cameras = null }], unnamed));
        Assert.Empty(DestinationRoute.Of([zm], zm.Cameras[1]));
    }

    private static Detection Detection(string className, float confidence) => new()
    {
        Id = Guid.NewGuid(),
        CameraId = Camera,
        SiteId = Guid.NewGuid(),
        DeploymentId = Guid.NewGuid(),
        ModelId = Guid.NewGuid(),
        FrameTime = DateTimeOffset.UnixEpoch,
        ClassName = className,
        Confidence = confidence,
    };
}
