namespace OrleansAiFleet.SampleData.Models;

/// <summary>Two more versions of the sample's network: one as good, one that looks well and sees badly.</summary>
internal static class SampleVersions
{
    private const int Seed = 7;

    // So strong that it still finds something in most pictures: what finds nothing at all is no trial.
    private const float Noise = 0.25f;

    /// <summary>Writes both beside the model.</summary>
    public static async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        var model = await File.ReadAllBytesAsync(Path.Combine(folder, "site-safety.onnx"), cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, "site-safety-rounded.onnx"), OnnxWeights.Changed(model, Round), cancellationToken);
        var random = new Random(Seed);
        await File.WriteAllBytesAsync(
            Path.Combine(folder, "site-safety-damaged.onnx"),
            OnnxWeights.Changed(model, (weights, dimensions) => Damage(weights, dimensions, random)),
            cancellationToken);
    }

    // To the 16 bits of bfloat16: half of a file that compresses, and no other boxes.
    private static void Round(Span<float> weights, int dimensions)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(weights[i]);
            weights[i] = BitConverter.UInt32BitsToSingle((bits + 0x8000) & 0xFFFF_0000);
        }
    }

    private static void Damage(Span<float> weights, int dimensions, Random random)
    {
        if (dimensions < 4)
        {
            return;
        }

        var spread = MathF.Sqrt(Mean(weights, static weight => weight * weight));
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] += Noise * spread * Normal(random);
        }
    }

    private static float Mean(ReadOnlySpan<float> values, Func<float, float> of)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += of(value);
        }

        return (float)(sum / values.Length);
    }

    // Box and Muller 1958.
    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
