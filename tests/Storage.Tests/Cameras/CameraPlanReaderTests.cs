using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Cameras;

public sealed class CameraPlanReaderTests(FleetDatabase database) : IClassFixture<FleetDatabase>, IAsyncLifetime
{
    private Site _site = null!;
    private Camera _camera = null!;
    private AiModel _model = null!;

    public async Task InitializeAsync()
    {
        _site = await database.StoreAsync(Rows.Site());
        _camera = await database.StoreAsync(Rows.Camera(_site));
        _model = await database.StoreAsync(Rows.Model() with
        {
            OutputClasses = ["person", "helmet"],
            Configuration = JsonText.From(new ModelConfiguration { Decoder = "yolov8", Scale = [1 / 255.0] }),
        });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Deployment_without_input_sources_takes_every_camera_of_its_site()
    {
        var deployment = await DeployAsync(null);
        var elsewhere = await database.StoreAsync(Rows.Camera(await database.StoreAsync(Rows.Site())));

        var plan = await FindAsync(_camera);

        var subscription = Assert.Single(plan!.Subscriptions);
        Assert.Equal((deployment.Id, 0.5f), (subscription.DeploymentId, subscription.ConfidenceThreshold));
        Assert.Equal((30, 4), (subscription.TimeoutSeconds, subscription.BatchSize));
        Assert.Equal((_model.Id, _model.ModelFilePath), (subscription.Model.ModelId, subscription.Model.FilePath));
        Assert.Equal("yolov8", subscription.Model.Configuration.Decoder);
        Assert.Equal([1 / 255.0], subscription.Model.Configuration.Scale!);
        Assert.Equal(["person", "helmet"], subscription.Model.Classes);
        Assert.Equal("user:secret", plan.Camera.SourceCredentials);
        Assert.Null(await FindAsync(elsewhere));
    }

    [Theory]
    [InlineData(DeploymentType.Production, true)]
    [InlineData(DeploymentType.Canary, true)]
    [InlineData(DeploymentType.Staging, false)]
    [InlineData(DeploymentType.Testing, false)]
    public async Task Camera_knows_where_its_detections_go_and_of_a_trial_none_leave(DeploymentType type, bool leaves)
    {
        OutputDestination all = new FileDestination { Name = "all", Directory = "a", Classes = ["person"], MinConfidence = 0.7 };
        await database.StoreAsync(Rows.Deployment(_model, _site) with
        {
            DeploymentType = type,
            OutputDestinations = DestinationJson.Write([all, all with { Name = "others", Cameras = [Guid.NewGuid()] }]),
        });

        var subscription = Assert.Single((await FindAsync(_camera))!.Subscriptions);

        Assert.Equal(leaves ? ["all"] : [], subscription.Destinations.Select(route => route.Name));
        Assert.All(subscription.Destinations, route => Assert.Equal(("person", 0.7), (Assert.Single(route.Classes!), route.MinConfidence)));
    }

    [Fact]
    public async Task Deployment_with_input_sources_takes_those_alone()
    {
        var other = await database.StoreAsync(Rows.Camera(_site));
        await DeployAsync([other.Id]);

        Assert.Null(await FindAsync(_camera));
        Assert.NotNull(await FindAsync(other));
    }

    [Fact]
    public async Task Deployment_on_demand_looks_at_no_camera()
    {
        await database.StoreAsync(Rows.Deployment(_model, _site) with { DeploymentStrategy = DeploymentStrategy.OnDemand });

        Assert.Null(await FindAsync(_camera));
    }

    [Fact]
    public async Task Of_the_two_deployments_of_a_rollout_one_gets_the_frames_and_the_other_stands_by()
    {
        var other = await database.StoreAsync(Rows.Camera(_site));
        var (stable, candidate) = (await DeployAsync(null), await DeployAsync(null));
        var rollout = new Rollout
        {
            Id = candidate.Id, SiteId = _site.Id, StableDeploymentId = stable.Id, CandidateModelId = _model.Id, CandidateCameras = [other.Id],
            Progress = new() { Phase = RolloutPhase.Progressing, Weight = 50 },
        };
        await database.StoreAsync(rollout);

        Assert.Equal(stable.Id, await LiveAsync(_camera));
        Assert.Equal(candidate.Id, await LiveAsync(other));
        await database.ExecuteAsync("UPDATE rollouts SET progress = progress || '{\"weight\": 100}' WHERE id = $1", rollout.Id);
        Assert.Equal(candidate.Id, await LiveAsync(_camera));
        await database.ExecuteAsync("UPDATE rollouts SET progress = progress || '{\"weight\": 0}', candidate_cameras = '[]' WHERE id = $1", rollout.Id);
        Assert.Equal(stable.Id, await LiveAsync(other));
        await database.ExecuteAsync("UPDATE rollouts SET is_settled = TRUE WHERE id = $1", rollout.Id);
        Assert.All((await FindAsync(other))!.Subscriptions, subscription => Assert.Equal(SubscriptionMode.Live, subscription.Mode));
    }

    [Fact]
    public async Task Of_what_a_rollout_compares_both_look_and_both_are_measured()
    {
        var other = await database.StoreAsync(Rows.Camera(_site));
        var (stable, candidate) = (await DeployAsync(null), await DeployAsync(null));
        var rollout = await database.StoreAsync(new Rollout
        {
            Id = candidate.Id, SiteId = _site.Id, StableDeploymentId = stable.Id, CandidateModelId = _model.Id, CandidateCameras = [other.Id],
            ShadowCameras = [other.Id, _camera.Id], SlotSeconds = 7, Progress = new() { Phase = RolloutPhase.Progressing, Weight = 50, Shadow = 100 },
        });

        Assert.Equal([(stable.Id, SubscriptionMode.Live), (candidate.Id, SubscriptionMode.Shadow)], await ModesAsync(_camera));
        Assert.Equal([(candidate.Id, SubscriptionMode.Live), (stable.Id, SubscriptionMode.Shadow)], await ModesAsync(other));
        Assert.All((await FindAsync(other))!.Subscriptions, each => Assert.Equal(new() { RolloutId = rollout.Id, SlotSeconds = 7 }, each.Trial));
        await database.ExecuteAsync("UPDATE rollouts SET slot_seconds = 0 WHERE id = $1", rollout.Id);
        Assert.All((await FindAsync(other))!.Subscriptions, each => Assert.Null(each.Trial));

        async Task<IEnumerable<(Guid, SubscriptionMode)>> ModesAsync(Camera camera) =>
            (await FindAsync(camera))!.Subscriptions.OrderBy(each => each.Mode).Select(each => (each.DeploymentId, each.Mode));
    }

    [Fact]
    public async Task What_a_deployment_wants_of_its_own_lies_over_what_its_model_says()
    {
        var own = await database.StoreAsync(Rows.Deployment(_model, _site) with
        {
            DeploymentStatus = DeploymentStatus.Active,
            ProcessingIntervalSeconds = 7,
            PreprocessingPipeline = new JsonText("""{"resize": "stretch", "input_width": 320}"""),
            PostprocessingPipeline = new JsonText("""{"class_thresholds": {"person": 0.7}, "nms_iou": 0.3}"""),
        });
        var plain = await DeployAsync(null);
        var every = await database.StoreAsync(
            Rows.Deployment(_model, _site) with { DeploymentStatus = DeploymentStatus.Active, ProcessingIntervalSeconds = 0 });
        var faulty = await database.StoreAsync(Rows.Deployment(_model, _site) with
        {
            DeploymentStatus = DeploymentStatus.Active,
            PreprocessingPipeline = new JsonText("""{"resize": 7}"""),
        });

        var subscriptions = (await FindAsync(_camera))!.Subscriptions.ToDictionary(subscription => subscription.DeploymentId);

        var configuration = subscriptions[own.Id].Model.Configuration;
        Assert.Equal(7, subscriptions[own.Id].IntervalSeconds);
        Assert.Equal(("yolov8", "stretch", 320, 0.3), (configuration.Decoder, configuration.Resize, configuration.InputWidth, configuration.NmsIou));
        Assert.Equal(0.7, configuration.Postprocessing!.ClassThresholds["person"]);
        Assert.Equal((1, null), (subscriptions[plain.Id].IntervalSeconds, subscriptions[plain.Id].Model.Configuration.Resize));
        Assert.Equal(0, subscriptions[every.Id].IntervalSeconds);
        Assert.Null(subscriptions[faulty.Id].Model.Configuration.Resize);
    }

    [Fact]
    public async Task Plans_are_made_anew_whenever_a_row_changed_that_they_are_made_of()
    {
        var deployment = await DeployAsync(null);
        var reader = database.Get<ICameraPlanReader>();
        var before = await reader.ReadWantedAsync(CancellationToken.None);
        Assert.Same(before, await reader.ReadWantedAsync(CancellationToken.None));

        foreach (var change in new[]
        {
            "UPDATE model_deployments SET batch_size = 2 WHERE id = $1",
            "UPDATE cameras SET sampling_fps = 3 WHERE id = $2",
            "UPDATE ai_models SET description = 'other' WHERE id = $3",
            "UPDATE sites SET allowed_networks = ARRAY['10.0.0.0/8'] WHERE id = $4",
            "UPDATE cameras SET enabled = FALSE WHERE id = $2",
            "UPDATE cameras SET enabled = TRUE WHERE id = $2",
            "UPDATE model_deployments SET deployment_status = 'paused' WHERE id = $1",
        })
        {
            await database.ExecuteAsync(
                change.Replace("$1", $"'{deployment.Id}'", StringComparison.Ordinal).Replace("$2", $"'{_camera.Id}'", StringComparison.Ordinal)
                    .Replace("$3", $"'{_model.Id}'", StringComparison.Ordinal).Replace("$4", $"'{_site.Id}'", StringComparison.Ordinal));
            var after = await reader.ReadWantedAsync(CancellationToken.None);
            Assert.NotSame(before, after);
            Assert.Same(after, await reader.ReadWantedAsync(CancellationToken.None));
            before = after;
        }
    }

    [Fact]
    public async Task Disabled_camera_and_inactive_deployment_want_nothing()
    {
        var disabled = await database.StoreAsync(Rows.Camera(_site) with { Enabled = false });
        await DeployAsync(null, DeploymentStatus.Paused);
        Assert.Null(await FindAsync(_camera));

        await DeployAsync(null);

        Assert.Null(await FindAsync(disabled));
        Assert.Single((await FindAsync(_camera))!.Subscriptions);
    }

    [Fact]
    public async Task Revision_stays_while_nothing_changes_and_moves_with_camera_deployment_model_and_credentials()
    {
        var deployment = await DeployAsync(null);
        var first = await RevisionAsync();
        Assert.Equal(first, await RevisionAsync());

        var seen = new HashSet<string> { first };
        await database.ExecuteAsync("UPDATE cameras SET sampling_fps = 7 WHERE id = $1", _camera.Id);
        Assert.True(seen.Add(await RevisionAsync()));
        await database.ExecuteAsync("UPDATE cameras SET source_credentials = 'user:other' WHERE id = $1", _camera.Id);
        Assert.True(seen.Add(await RevisionAsync()));
        await database.ExecuteAsync("UPDATE model_deployments SET confidence_threshold = 0.7 WHERE id = $1", deployment.Id);
        Assert.True(seen.Add(await RevisionAsync()));
        await database.ExecuteAsync("UPDATE ai_models SET output_classes = '[\"person\"]' WHERE id = $1", _model.Id);
        Assert.True(seen.Add(await RevisionAsync()));
        await DeployAsync([_camera.Id]);
        Assert.True(seen.Add(await RevisionAsync()));
    }

    [Fact]
    public async Task Unreadable_configuration_of_one_model_does_not_stop_the_others()
    {
        var broken = await database.StoreAsync(Rows.Model() with { Configuration = new JsonText("""{"mean": "grey"}""") });
        await DeployAsync(null);
        await database.StoreAsync(Rows.Deployment(broken, _site));

        var plan = await FindAsync(_camera);

        Assert.Equal(2, plan!.Subscriptions.Length);
        Assert.Null(plan.Subscriptions.Single(subscription => subscription.Model.ModelId == broken.Id).Model.Configuration.Decoder);
    }

    private Task<Deployment> DeployAsync(Guid[]? cameras, DeploymentStatus status = DeploymentStatus.Active) =>
        database.StoreAsync(Rows.Deployment(_model, _site) with { InputSources = cameras, DeploymentStatus = status });

    private async Task<Guid> LiveAsync(Camera camera)
    {
        var subscriptions = (await FindAsync(camera))!.Subscriptions;
        Assert.Equal(2, subscriptions.Length);
        var live = subscriptions.Single(subscription => subscription.Mode == SubscriptionMode.Live);
        Assert.Equal(live.DeploymentId, subscriptions.Single(subscription => subscription != live).StandsInFor);
        return live.DeploymentId;
    }

    private async Task<CameraPlan?> FindAsync(Camera camera) =>
        (await database.Get<ICameraPlanReader>().ReadWantedAsync(CancellationToken.None))
        .SingleOrDefault(plan => plan.Camera.Id == camera.Id);

    private async Task<string> RevisionAsync() => (await FindAsync(_camera))!.Revision;
}
