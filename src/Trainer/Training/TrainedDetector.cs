using static TorchSharp.torch;

namespace OrleansAiFleet.Trainer.Training;

/// <summary>A trained network, still in TorchSharp: what its export is compared with.</summary>
public sealed class TrainedDetector : IDisposable
{
    private readonly DetectorNetwork _network;

    internal TrainedDetector(DetectorNetwork network, DetectorLayout layout, IReadOnlyList<string> classes)
    {
        (_network, Layout, Classes) = (network, layout, classes);
    }

    public DetectorLayout Layout { get; }

    /// <summary>Class names, index = class id.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Runs one batch.</summary>
    /// <param name="input">[pictures, 3, height, width] RGB 0 to 1.</param>
    /// <param name="pictures">Pictures in the batch.</param>
    /// <returns>[pictures, 4 + classes, cells]: cx, cy, w, h in input pixels, then scores 0 to 1.</returns>
    public float[] Detect(float[] input, int pictures)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return _network.Detect(tensor(input, [pictures, 3, Layout.Height, Layout.Width])).contiguous().data<float>().ToArray();
    }

    public void Dispose() => _network.Dispose();
}
