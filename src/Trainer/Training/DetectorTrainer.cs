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

    /// <summary>
    /// Trains to the end, on the caller's thread, and writes the model. A training that is cancelled or fails leaves no file.
    /// </summary>
    /// <param name="spec">What to train, on what.</param>
    /// <param name="progress">Told after every epoch, on the same thread.</param>
    /// <param name="cancellationToken">Heard between two pictures and between two steps.</param>
    /// <returns>The network that was exported; the caller disposes it.</returns>
    /// <exception cref="InvalidDataException">The specification or the data set is wrong, or the training diverges.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<TrainedDetector> TrainAsync(
        TrainingSpec spec, IProgress<TrainingProgress> progress, CancellationToken cancellationToken)
    {
        spec.Require();
        TorchRuntime.Prepare();
        var set = await TrainingSet.ReadAsync(spec.Annotations, cancellationToken);
        var classes = set.Categories.OrderBy(category => category.Id).Select(category => category.Name).ToArray();
        var layout = new DetectorLayout(spec.Width, spec.Height, classes.Length);
        var samples = TrainingSet.Load(set, spec.Pictures, layout, cancellationToken);

        // Before the hours of work, not after them.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(spec.Output))!);
        if (spec.Threads > 0)
        {
            set_num_threads(spec.Threads);
        }

        random.manual_seed(spec.Seed);
        var network = new DetectorNetwork(layout);
        try
        {
            Fit(network, layout, [.. samples, .. samples.Select(sample => sample.Mirrored(layout))], spec, progress, cancellationToken);
            network.eval();
            DetectorExport.Write(network, layout, classes, spec.Output);
            return new(network, layout, classes);
        }
        catch
        {
            network.Dispose();
            throw;
        }
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

            if (!double.IsFinite(sum))
            {
                throw new InvalidDataException($"The training diverges in epoch {epoch}: its loss is no number. A lower learning rate helps.");
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
