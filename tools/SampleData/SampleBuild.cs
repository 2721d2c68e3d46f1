using OrleansAiFleet.SampleData.Detections;
using OrleansAiFleet.SampleData.Models;
using OrleansAiFleet.Trainer.Training;
using OrleansAiFleet.Vision.Evaluations;

namespace OrleansAiFleet.SampleData;

/// <summary>Makes everything in <c>samples/</c>, from nothing.</summary>
internal static class SampleBuild
{
    /// <summary>File of the model.</summary>
    public const string Model = "site-safety.onnx";

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
            var model = Path.Combine(folder, Model);
            var spec = new TrainingSpec { Annotations = training.Annotations, Pictures = training.Folder, Output = model };
            using var detector = await DetectorTrainer.TrainAsync(spec, new Lines(), cancellationToken);
            await File.WriteAllLinesAsync(Path.Combine(folder, "site-safety.labels.txt"), CocoBuilder.ClassNames, cancellationToken);
            Console.WriteLine($"export: {new FileInfo(model).Length} bytes, greatest difference to the network {Difference(detector, model):0.0e+0}");
            await SampleVersions.WriteAsync(folder, cancellationToken);
            await MeasureAsync(folder, Model, heldOut, cancellationToken);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Measures a model in a folder of samples on held-out pictures and on its clip.</summary>
    public static async Task MeasureAsync(string folder, string file, CancellationToken cancellationToken)
    {
        var work = Directory.CreateTempSubdirectory("fleet-samples-").FullName;
        try
        {
            var heldOut = await RenderedSet.RenderAsync(Path.Combine(work, "held-out"), HeldOutSeed, HeldOutPictures, cancellationToken);
            await MeasureAsync(folder, file, heldOut, cancellationToken);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task MeasureAsync(string folder, string file, RenderedSet heldOut, CancellationToken cancellationToken)
    {
        using var detector = new SampleDetector(Path.Combine(folder, file));
        var truth = await TrainingSet.ReadAsync(heldOut.Annotations, cancellationToken);
        Print("held-out pictures", await Measurement.MeasureAsync(
            detector, Path.Combine(heldOut.Folder, "%05d.jpg"), 1, truth, cancellationToken));
        var clip = await TrainingSet.ReadAsync(Path.Combine(folder, "construction-site.coco.json"), cancellationToken);
        Print("sample clip", await Measurement.MeasureAsync(
            detector, Path.Combine(folder, "construction-site.mp4"), SampleClip.TruthEvery, clip, cancellationToken));
    }

    private static void Print(string what, CocoMetrics metrics)
    {
        Console.WriteLine($"{what}: AP50 {metrics.Ap50:0.000}, AP {metrics.Ap:0.000}, AP75 {metrics.Ap75:0.000}");
        foreach (var item in metrics.Classes)
        {
            Console.WriteLine($"  {CocoBuilder.ClassNames[item.ClassId],-10} AP50 {item.Ap50:0.000}, AP {item.Ap:0.000}");
        }
    }

    private static double Difference(TrainedDetector network, string model)
    {
        const int Pictures = 2;
        var random = new Random(TrainingSeed);
        var input = new float[Pictures * 3 * network.Layout.Width * network.Layout.Height];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = random.NextSingle();
        }

        var wanted = network.Detect(input, Pictures);
        var got = new float[wanted.Length];
        using var detector = new SampleDetector(model);
        detector.Run(input, got, Pictures);
        return wanted.Zip(got, (a, b) => Math.Abs(a - b)).Max();
    }

    private sealed class Lines : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Console.WriteLine(
            $"epoch {value.Epoch}/{value.Epochs}: loss {value.Loss:0.0000}, {value.Seconds:0.0} s");
    }
}
