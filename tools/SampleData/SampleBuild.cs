using OrleansAiFleet.SampleData.Detections;
using OrleansAiFleet.Trainer.Training;

namespace OrleansAiFleet.SampleData;

/// <summary>Makes everything in <c>samples/</c>, from nothing.</summary>
internal static class SampleBuild
{
    /// <summary>Series of the training pictures.</summary>
    public const int TrainingSeed = 1;

    /// <summary>Series of the pictures that the model never saw.</summary>
    public const int HeldOutSeed = 2;

    /// <summary>The clip: a site of its own.</summary>
    public const int ClipSeed = 11;

    private const int TrainingPictures = 1600;
    private const int HeldOutPictures = 300;

    /// <summary>Renders, trains, exports, and writes clip, truth, model and labels.</summary>
    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var work = Directory.CreateTempSubdirectory("fleet-samples-").FullName;
        try
        {
            await SampleClip.WriteAsync(
                Path.Combine(folder, "construction-site.mp4"),
                Path.Combine(folder, "construction-site.coco.json"),
                ClipSeed,
                cancellationToken);
            var training = await RenderedSet.RenderAsync(Path.Combine(work, "training"), TrainingSeed, TrainingPictures, cancellationToken);
            var heldOut = await RenderedSet.RenderAsync(Path.Combine(work, "held-out"), HeldOutSeed, HeldOutPictures, cancellationToken);
            var model = Path.Combine(folder, "site-safety.onnx");
            var spec = new TrainingSpec { Annotations = training.Annotations, Pictures = training.Folder, Output = model };
            using var detector = await DetectorTrainer.TrainAsync(spec, new Lines(), cancellationToken);
            await File.WriteAllLinesAsync(Path.Combine(folder, "site-safety.labels.txt"), CocoBuilder.ClassNames, cancellationToken);
            Console.WriteLine($"{heldOut.Annotations}");
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private sealed class Lines : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Console.WriteLine(
            $"epoch {value.Epoch}/{value.Epochs}: loss {value.Loss:0.0000}, {value.Seconds:0.0} s");
    }
}
