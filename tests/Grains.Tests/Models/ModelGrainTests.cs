using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Grains.Tests.Models;

public sealed class ModelGrainTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private readonly AiModel _asked = Rows.Model();

    private IModelGrain Grain => shared.Cluster.Grains.GetGrain<IModelGrain>(_asked.Id);

    [Fact]
    public async Task Model_that_nobody_registered_is_null() => Assert.Null(await Grain.Get());

    [Fact]
    public async Task Registered_model_is_kept_with_its_time()
    {
        var registered = await Grain.Register(_asked with { InferenceTimeMs = 7.12345m });

        Assert.Equal((7.123m, shared.Cluster.Clock.GetUtcNow()), (registered.InferenceTimeMs, registered.CreatedAt));
        Assert.True(RowEquality.Same(registered, (await Grain.Get())!));
    }

    [Fact]
    public async Task Registering_the_same_row_again_changes_nothing()
    {
        var first = await Grain.Register(_asked);
        shared.Cluster.Clock.Advance(TimeSpan.FromSeconds(1));

        var second = await Grain.Register(_asked with
        {
            OutputClasses = [.. _asked.OutputClasses!],
            TrainingDatasetInfo = JsonText.Parse("""{"from":"renderings","images":450}"""),
        });

        Assert.True(RowEquality.Same(first, second));
    }

    [Fact]
    public async Task Id_that_is_another_model_already_is_refused()
    {
        await Grain.Register(_asked);

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Register(_asked with { Version = "2.0" }));

        Assert.Equal((RefusalKind.Conflict, "id"), (refused.Kind, refused.Field));
    }

    [Fact]
    public async Task Refusal_of_the_store_reaches_the_caller_and_nothing_stays_in_memory()
    {
        await using var cluster = await ControlCluster.StartAsync();
        var grain = cluster.Grains.GetGrain<IModelGrain>(_asked.Id);
        cluster.Store.OnWrite = _ => new FleetRefusedException(RefusalKind.Conflict, "name", "Name and version are taken.");

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => grain.Register(_asked));

        Assert.Equal((RefusalKind.Conflict, "name"), (refused.Kind, refused.Field));
        Assert.Null(await grain.Get());
    }

    [Theory]
    [InlineData("name")]
    [InlineData("category")]
    [InlineData("version")]
    [InlineData("model_file_path")]
    [InlineData("input_channels")]
    [InlineData("batch_size_max")]
    [InlineData("confidence_threshold_default")]
    [InlineData("baseline_accuracy")]
    [InlineData("output_classes")]
    [InlineData("model_type")]
    [InlineData("dependency_requirements")]
    [InlineData("description")]
    public async Task Faulty_row_is_refused_with_the_field_at_fault(string field)
    {
        var row = field switch
        {
            "name" => _asked with { Name = "" },
            "category" => _asked with { Category = new string('x', 256) },
            "version" => _asked with { Version = new string('1', 51) },
            "model_file_path" => _asked with { ModelFilePath = "" },
            "input_channels" => _asked with { InputChannels = 0 },
            "batch_size_max" => _asked with { BatchSizeOptimal = 9 },
            "confidence_threshold_default" => _asked with { ConfidenceThresholdDefault = 1.5m },
            "baseline_accuracy" => _asked with { BaselineAccuracy = 100.01m },
            "output_classes" => _asked with { OutputClasses = ["helmet", " "] },
            "model_type" => _asked with { ModelType = (ModelType)77 },
            "dependency_requirements" => _asked with { DependencyRequirements = new JsonText("nonsense") },
            _ => _asked with { Description = "a\0b" },
        };

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Register(row));

        Assert.Equal((RefusalKind.Invalid, field), (refused.Kind, refused.Field));
        Assert.Null(await Grain.Get());
    }
}
