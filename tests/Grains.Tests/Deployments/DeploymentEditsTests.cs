using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;

namespace OrleansAiFleet.Grains.Tests.Deployments;

public sealed class DeploymentEditsTests
{
    private static readonly Deployment Row = Rows.Deployment(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

    [Fact]
    public void What_is_named_changes_and_the_rest_stays()
    {
        Assert.Null(Apply("""{"confidence_threshold": 0.614, "error_rate_alert_threshold": 2.5, "deployment_notes": "dusk"}""", out var edited));

        Assert.Equal(
            JsonText.From(Row with { ConfidenceThreshold = 0.61m, ErrorRateAlertThreshold = 2.5m, DeploymentNotes = "dusk" }), JsonText.From(edited));
    }

    [Theory]
    [InlineData("""{"model_id": "5a3b1e00-0000-4000-8000-000000000001"}""", "model_id")]
    [InlineData("""{"site_id": "5a3b1e00-0000-4000-8000-000000000001"}""", "site_id")]
    [InlineData("""{"deployment_status": "active"}""", "deployment_status")]
    [InlineData("""{"api_key": "mine"}""", "api_key")]
    [InlineData("""{"output_destinations": []}""", "output_destinations")]
    [InlineData("""{"nonsense": 1}""", "nonsense")]
    [InlineData("""{"confidence_threshold": 1.5}""", "confidence_threshold")]
    [InlineData("""{"confidence_threshold": "high"}""", "confidence_threshold")]
    [InlineData("""{"max_instances": 0}""", "max_instances")]
    [InlineData("""{"input_sources": []}""", "input_sources")]
    [InlineData("""{"rollback_trigger_conditions": {"a": 1}}""", "rollback_trigger_conditions")]
    [InlineData("""{"rollback_trigger_conditions": [{"name": "x", "failure_condition": "result >"}]}""", "rollback_trigger_conditions[0].failure_condition")]
    [InlineData("[1]", "body")]
    [InlineData("""{"batch_size": 1, "batch_size": 2}""", "body")]
    public void What_cannot_be_changed_is_named_and_nothing_changes(string fields, string field)
    {
        var refusal = Apply(fields, out var edited);

        Assert.Equal(field, refusal!.Field);
        Assert.Same(Row, edited);
    }

    [Fact]
    public void What_changes_nothing_is_the_row_itself()
    {
        Assert.Null(Apply($$"""{"batch_size": {{Row.BatchSize}}, "rollback_trigger_conditions": null}""", out var edited));

        Assert.Same(Row, edited);
    }

    [Fact]
    public void Every_column_that_may_be_changed_is_a_column()
    {
        var columns = JsonText.From(Row).To<Dictionary<string, object?>>()!.Keys;

        Assert.Subset(columns.ToHashSet(), DeploymentColumns.Free.ToHashSet());
    }

    private static Refusal? Apply(string fields, out Deployment edited) => DeploymentEdits.Apply(Row, new(fields), out edited);
}
