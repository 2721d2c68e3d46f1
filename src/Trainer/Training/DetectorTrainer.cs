using System.Diagnostics;

using OrleansAiFleet.Trainer.Models;

using static TorchSharp.torch;

namespace OrleansAiFleet.Trainer.Training;

/// <summary>Trains a detector from a COCO data set and writes it as ONNX.</summary>
public static class DetectorTrainer
{
    private const double WeightDecay = 5e-4;
    private const double WarmUpShare = 0.05;
    private const double FinalShare = 0.02;
    private const double GradientLimit = 10;

    /// <summary>Trains to the end; cancelling leaves no output file.</summary>
    /// <returns>The greatest difference between the exported model's graph and the network is checked by the caller with
    /// <see cref="TrainedDetector.Detect"/>.</returns>
    /// <exception cref="InvalidDataException">The data set cannot be read.</exception>
    public static async Task<TrainedDetector> TrainAsync(
        TrainingSpec spec, IProgress<TrainingProgress> progress, CancellationToken cancellationToken)
    {
        TorchRuntime.Prepare();
        var set = await TrainingSet.ReadAsync(spec.Annotations, cancellationToken);
        var classes = set.Categories.OrderBy(category => category.Id).Select(category => category.Name).ToArray();
        var layout = new DetectorLayout(spec.Width, spec.Height, classes.Length);
        var samples = TrainingSet.Load(set, spec.Pictures, layout);
        if (spec.Threads > 0)
        {
            set_num_threads(spec.Threads);
        }

        random.manual_seed(spec.Seed);
        var network = new DetectorNetwork(layout);
        Fit(network, layout, [.. samples, .. samples.Select(sample => sample.Mirrored(layout))], spec, progress, cancellationToken);
        network.eval();
        DetectorExport.Write(network, layout, classes, spec.Output);
        return new(network, layout, classes);
    }

    private static void Fit(
        DetectorNetwork network,
        DetectorLayout layout,
        TrainingSample[] samples,
        TrainingSpec spec,
        IProgress<TrainingProgress> progress,
        CancellationToken cancellationToken)
    {
        var loss = new DetectionLoss(layout);
        using var optimizer = optim.AdamW(network.parameters(), lr: spec.LearningRate, weight_decay: WeightDecay);
        var shuffle = new Random(spec.Seed);

        // Half of the pictures and their mirror images make an epoch, drawn anew each time.
        var stepsPerEpoch = Math.Max(1, samples.Length / 2 / spec.BatchSize);
        var steps = stepsPerEpoch * spec.Epochs;
        network.train();
        for (int epoch = 1, step = 0; epoch <= spec.Epochs; epoch++)
        {
            var started = Stopwatch.GetTimestamp();
            shuffle.Shuffle(samples);
            double sum = 0;
            for (var i = 0; i < stepsPerEpoch; i++, step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                SetLearningRate(optimizer, spec.LearningRate * Schedule((double)step / steps));
                sum += Step(network, layout, loss, optimizer, samples.AsSpan(i * spec.BatchSize, Math.Min(spec.BatchSize, samples.Length)), shuffle);
            }

            progress.Report(new(
                epoch,
                spec.Epochs,
                sum / stepsPerEpoch,
                spec.LearningRate * Schedule((double)step / steps),
                Stopwatch.GetElapsedTime(started).TotalSeconds));
        }
    }

    private static double Step(
        DetectorNetwork network,
        DetectorLayout layout,
        DetectionLoss loss,
        optim.Optimizer optimizer,
        ReadOnlySpan<TrainingSample> batch,
        Random random)
    {
        using var scope = NewDisposeScope();
        var samples = batch.ToArray();
        var input = new float[samples.Length * 3 * layout.Width * layout.Height];
        for (var i = 0; i < samples.Length; i++)
        {
            Fill(samples[i].Pixels, input.AsSpan(i * samples[i].Pixels.Length), random);
        }

        optimizer.zero_grad();
        var value = loss.Of(network.forward(tensor(input, [samples.Length, 3, layout.Height, layout.Width])), samples);
        value.backward();
        nn.utils.clip_grad_norm_(network.parameters(), GradientLimit);
        optimizer.step();
        return value.item<float>();
    }

    // Light differs between cameras and hours: brightness, contrast and colour of every picture are drawn anew.
    private static void Fill(ReadOnlySpan<byte> pixels, Span<float> input, Random random)
    {
        var plane = pixels.Length / 3;
        var contrast = 0.75f + (random.NextSingle() * 0.5f);
        var brightness = (random.NextSingle() - 0.5f) * 0.2f;
        for (var channel = 0; channel < 3; channel++)
        {
            var gain = contrast * (0.94f + (random.NextSingle() * 0.12f)) / 255f;
            for (var i = channel * plane; i < (channel + 1) * plane; i++)
            {
                input[i] = Math.Clamp((pixels[i] * gain) + brightness, 0, 1);
            }
        }
    }

    private static double Schedule(double share) => share < WarmUpShare
        ? share / WarmUpShare
        : FinalShare + ((1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * (share - WarmUpShare) / (1 - WarmUpShare))));

    private static void SetLearningRate(optim.Optimizer optimizer, double rate)
    {
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }
    }
}
