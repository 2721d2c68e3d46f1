using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Grains.Tests.Deployments;

public sealed class PipelinePolicyTests
{
    private static readonly AiModel Model = new() { OutputClasses = ["person", "No Helmet"] };

    [Theory]
    [InlineData("""{"input_width": 640, "input_height": 384, "color_order": "bgr", "resize": "letterbox", "pad_value": 0, "mean": [0], "scale": [1, 1, 1]}""", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    [InlineData("[]", "")]
    [InlineData("""{"decoder": "ssd"}""", ".decoder")]
    [InlineData("""{"input_width": 0}""", ".input_width")]
    [InlineData("""{"input_height": 4097}""", ".input_height")]
    [InlineData("""{"color_order": "RGB"}""", ".color_order")]
    [InlineData("""{"resize": "crop"}""", ".resize")]
    [InlineData("""{"pad_value": 256}""", ".pad_value")]
    [InlineData("""{"mean": [1, 2]}""", ".mean")]
    [InlineData("""{"scale": [1e400]}""", ".scale")]
    [InlineData("""{"scale": "big"}""", ".scale")]
    public void Preprocessing_is_judged_with_the_field_at_fault(string json, string? field) =>
        Check("preprocessing_pipeline", field, new() { PreprocessingPipeline = new JsonText(json) });

    [Theory]
    [InlineData("""{"nms_iou": 0.5, "max_detections": 10, "class_thresholds": {"No Helmet": 0.2}, "class_map": {"person": ""}, "min_area": 0.1, "max_area": 0.5}""", null)]
    [InlineData("""{"zones": [{"name": "gate", "mode": "exclude", "points": [[0, 0], [1, 0], [0, 1]]}]}""", null)]
    [InlineData("""{"confidence_threshold": 0.5}""", ".confidence_threshold")]
    [InlineData("""{"nms_iou": 1.5}""", ".nms_iou")]
    [InlineData("""{"max_detections": 0}""", ".max_detections")]
    [InlineData("""{"class_thresholds": {"no_helmet": 0.2}}""", ".class_thresholds")]
    [InlineData("""{"class_thresholds": {"person": 2}}""", ".class_thresholds")]
    [InlineData("""{"class_map": {"unicorn": "x"}}""", ".class_map")]
    [InlineData("""{"zones": [{"points": [[0, 0]]}]}""", ".zones[0].points")]
    [InlineData("""{"zones": [{"points": null}]}""", ".zones[0].points")]
    [InlineData("""{"zones": [null]}""", ".zones[0]")]
    [InlineData("""{"min_area": 0.6, "max_area": 0.5}""", ".min_area")]
    public void Postprocessing_is_judged_with_the_field_at_fault(string json, string? field) =>
        Check("postprocessing_pipeline", field, new() { PostprocessingPipeline = new JsonText(json) });

    [Fact]
    public void What_is_left_out_stays_as_the_model_has_it()
    {
        var model = new ModelConfiguration
        {
            Decoder = "yolov8", Resize = "letterbox", NmsIou = 0.45, Postprocessing = new() { MinArea = 0.01, ClassMap = new() { ["person"] = "worker" } },
        };
        var own = new Deployment
        {
            PreprocessingPipeline = JsonText.From(new PreprocessingPipeline { Resize = "stretch" }),
            PostprocessingPipeline = JsonText.From(new PostprocessingPipeline { ClassThresholds = new() { ["No Helmet"] = 0.2 }, MaxArea = 0.5 }),
        };

        var laid = DeploymentPipeline.Over(model, own);

        Assert.Equal(("yolov8", "stretch", 0.45), (laid.Decoder, laid.Resize, laid.NmsIou));
        Assert.Equal((0.01, 0.5, "worker", 0.2), (
            laid.Postprocessing!.MinArea, laid.Postprocessing.MaxArea, laid.Postprocessing.ClassMap["person"], laid.Postprocessing.ClassThresholds["No Helmet"]));
        Assert.Same(model, DeploymentPipeline.Over(model, new()));
    }

    private static void Check(string column, string? field, Deployment deployment)
    {
        var refusal = PipelinePolicy.Judge(deployment) ?? PipelinePolicy.Judge(deployment, Model);

        Assert.Equal(field is null ? null : column + field, refusal?.Field);
    }
}
