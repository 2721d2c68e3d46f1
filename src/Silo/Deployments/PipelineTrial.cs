using System.Text.Json;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Models;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>Has a worker try what a deployment wants of its own before cameras depend on it.</summary>
internal sealed class PipelineTrial(ModelValidation validation)
{
    private const string Configuration = "configuration.";

    /// <summary>Loads the model so in a process of its own and runs it. A deployment without pipelines is not tried: its model was.</summary>
    /// <exception cref="FleetRefusedException">The model cannot be used so; the field at fault is named.</exception>
    public async Task DemandAsync(AiModel model, Deployment deployment, CancellationToken cancellationToken)
    {
        // What is malformed is for the deployment's own grain to refuse, with the other columns.
        if (Read(model, deployment) is not { } configuration)
        {
            return;
        }

        try
        {
            await validation.InspectAsync(model, ConfigurationCheck.Demand(configuration), cancellationToken);
        }
        catch (FleetRefusedException refused) when (refused.Kind == RefusalKind.Invalid)
        {
            var member = refused.Field?.StartsWith(Configuration, StringComparison.Ordinal) is true ? refused.Field[Configuration.Length..] : null;
            var column = member is "nms_iou" or "max_detections" ? "postprocessing_pipeline" : "preprocessing_pipeline";
            throw new FleetRefusedException(
                RefusalKind.Invalid, member is null ? column : $"{column}.{member}", $"{model.Name} {model.Version} cannot be used so: {refused.Message}");
        }
    }

    /// <summary>The same for columns that are to be changed.</summary>
    /// <param name="model">The deployment's model.</param>
    /// <param name="deployment">The row of now.</param>
    /// <param name="fields">Columns and their new values.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task DemandAsync(AiModel model, Deployment deployment, JsonElement fields, CancellationToken cancellationToken)
    {
        if (fields.ValueKind != JsonValueKind.Object)
        {
            return Task.CompletedTask;
        }

        var before = Given(fields, "preprocessing_pipeline", deployment.PreprocessingPipeline);
        var after = Given(fields, "postprocessing_pipeline", deployment.PostprocessingPipeline);
        return before == deployment.PreprocessingPipeline && after == deployment.PostprocessingPipeline
            ? Task.CompletedTask
            : DemandAsync(model, deployment with { PreprocessingPipeline = before, PostprocessingPipeline = after }, cancellationToken);
    }

    private static JsonText? Given(JsonElement fields, string column, JsonText? now) =>
        !fields.TryGetProperty(column, out var value) ? now
            : value.ValueKind == JsonValueKind.Null ? null
            : new(value.GetRawText());

    private static ModelConfiguration? Read(AiModel model, Deployment deployment)
    {
        try
        {
            var own = deployment.PostprocessingPipeline?.To<PostprocessingPipeline>();
            return deployment.PreprocessingPipeline is not null || own is { NmsIou: not null } or { MaxDetections: not null }
                ? DeploymentPipeline.Of(model, deployment).Configuration
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
