using OrleansAiFleet.Testing;
using OrleansAiFleet.Trainer.Tests.Training;
using OrleansAiFleet.Trainer.Training;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Trainer.Tests.Models;

[Collection(TrainingRuns.Name)]
public sealed class DetectorExportTests
{
    // Relative to the value, or to 1 where the value is smaller.
    private const double Tolerance = 1e-4;

    [Fact]
    public async Task Exported_model_answers_as_the_network_does_and_says_what_it_is()
    {
        using var set = new PaintedSet();
        using var network = await DetectorTrainer.TrainAsync(set.Spec, new Reports(), CancellationToken.None);
        using var model = new ExportedModel(set.Output);

        AssertSame(network, model, pictures: 1);
        AssertSame(network, model, pictures: 3);

        Assert.Equal(PaintedSet.Classes, network.Classes);
        Assert.Equal("detect", model.Metadata["task"]);
        Assert.Equal("32", model.Metadata["stride"]);
        Assert.Equal($"[{PaintedSet.Height}, {PaintedSet.Width}]", model.Metadata["imgsz"]);
        Assert.Equal([-1, 3, PaintedSet.Height, PaintedSet.Width], model.Contract.Inputs[0].Shape);
        Assert.Equal([-1, network.Layout.Outputs, network.Layout.Cells.Count], model.Contract.Outputs[0].Shape);
        AssertResolves(model, PaintedSet.Classes, PaintedSet.Width, PaintedSet.Height);
    }

    [Fact]
    public void Sample_model_resolves_by_itself()
    {
        using var model = new ExportedModel(Path.Combine(RealData.RepositoryRoot, "samples", "site-safety.onnx"));

        AssertResolves(model, ["worker", "helmet", "no_helmet", "vest", "no_vest", "vehicle"], 384, 224);
    }

    private static void AssertResolves(ExportedModel model, IReadOnlyList<string> classes, int width, int height)
    {
        var resolution = ProfileResolver.Resolve(model.Contract, new ProfileOverrides());

        Assert.Null(resolution.FaultMessage);
        Assert.Equal(DecoderKind.Yolov8, resolution.Profile!.Decoder);
        Assert.Equal(classes, resolution.Profile.Classes);
        Assert.Equal((width, height), (resolution.Profile.Input.Width, resolution.Profile.Input.Height));
    }

    private static void AssertSame(TrainedDetector network, ExportedModel model, int pictures)
    {
        var random = new Random(pictures);
        var input = new float[pictures * 3 * PaintedSet.Width * PaintedSet.Height];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = random.NextSingle();
        }

        var wanted = network.Detect(input, pictures);
        var got = model.Run(input, pictures);

        Assert.Equal(wanted.Length, got.Length);
        var worst = wanted.Zip(got, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a))).Max();
        Assert.InRange(worst, 0, Tolerance);
    }
}
