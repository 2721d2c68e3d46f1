using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenCvSharp;
using OrleansAiFleet.Benchmarks.Measurements;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>A decoded frame to a detector's input: our fused kernel over OpenCV.</summary>
internal sealed class PreprocessBenchmark : IBenchmark
{
    private const double Bound = 0.5;
    private static readonly InputSpec Spec = new() { Width = 640, Height = 640 };

    public string Name => "preprocess";

    public string Description =>
        "I420 frame to a letterboxed 640x640 float NCHW RGB tensor. Ours: one fused pass on one thread into memory that "
        + "is kept. Reference: OpenCV's cvtColor, resize (linear), copyMakeBorder and blobFromImage, its pictures kept "
        + "between frames. In turn in one run, nine rounds of 0.2 s a side. The tensors of both are compared before.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var defaultThreads = Cv2.GetNumThreads();
        foreach (var (width, height) in new[] { (1920, 1080), (1280, 720), (640, 360) })
        {
            Cv2.SetNumThreads(1);
            var rows = Measure(width, height, cancellationToken);
            yield return rows[0];
            yield return rows[1];
            Cv2.SetNumThreads(defaultThreads);
            yield return Measure(width, height, cancellationToken, $"OpenCV, {defaultThreads} threads")[0] with { Target = null };
        }
    }

    private static BenchmarkRow[] Measure(
        int width, int height, CancellationToken cancellationToken, string label = "OpenCV, 1 thread")
    {
        var frame = Frame(width, height);
        var tensor = new float[Spec.Length];
        var (innerWidth, innerHeight) = TensorFiller.InnerSize(width, height, Spec);
        using var reference = new OpenCvPreprocessing(
            frame, width, height, new Size(innerWidth, innerHeight), new Size(Spec.Width, Spec.Height));
        Compare(frame, width, height, tensor, reference);
        var planes = new Mat[3];
        var sides = new Contest(9, TimeSpan.FromMilliseconds(200)).Run(
            [
                new Contender("fused", () => TensorFiller.Fill(frame, width, height, Spec, tensor)),
                new Contender(label, () => reference.Blob().Dispose()),
                new Contender($"{label}, convertTo and split", () => reference.Split(planes)),
            ],
            cancellationToken);
        Array.ForEach(planes, static plane => plane.Dispose());
        return
        [
            new BenchmarkRow($"{width}x{height}, {label}", sides[0], sides[1], new RatioTarget(Bound)),
            new BenchmarkRow($"{width}x{height}, {label}, no blobFromImage", sides[0], sides[2]),
        ];
    }

    // Smooth, as a picture is: both chroma samplings must agree but for rounding.
    private static byte[] Frame(int width, int height)
    {
        var frame = new byte[VideoFrame.SizeOf(width, height)];
        Fill(frame.AsSpan(0, width * height), width, 16, 219);
        Fill(frame.AsSpan(width * height, width * height / 4), width / 2, 96, 64);
        Fill(frame.AsSpan(width * height * 5 / 4), width / 2, 80, 96);
        return frame;
    }

    private static void Fill(Span<byte> plane, int width, int least, int range)
    {
        var height = plane.Length / width;
        for (var i = 0; i < plane.Length; i++)
        {
            var wave = Math.Sin(9.0 * (i % width) / width) * Math.Cos(7.0 * (i / width) / height);
            plane[i] = (byte)(least + (range * (wave + 1) / 2));
        }
    }

    private static void Compare(byte[] frame, int width, int height, float[] tensor, OpenCvPreprocessing reference)
    {
        const float Most = 3.01f / 255;
        TensorFiller.Fill(frame, width, height, Spec, tensor);
        using var blob = reference.Blob();
        var values = new float[tensor.Length];
        Marshal.Copy(blob.Data, values, 0, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (Math.Abs(values[i] - tensor[i]) > Most)
            {
                throw new InvalidOperationException($"The tensors differ at {i}: {tensor[i] * 255} and {values[i] * 255} of 255.");
            }
        }
    }
}
