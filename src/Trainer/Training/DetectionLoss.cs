using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace OrleansAiFleet.Trainer.Training;

/// <summary>Focal loss on the scores (Lin et al. 2017) plus generalised IoU on the boxes of owned cells (Rezatofighi et al. 2019).</summary>
internal sealed class DetectionLoss(DetectorLayout layout)
{
    private const float Alpha = 0.25f;
    private const float BoxWeight = 2;

    // An owned cell whose box cannot reach its side (the centre lies outside) learns the smallest distance instead.
    private const float SmallestDistance = 0.05f;

    /// <summary>Mean loss per owned cell of a batch.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="batch">The pictures' objects and whose each cell is.</param>
    public Tensor Of(Tensor output, IReadOnlyList<TrainingSample> batch)
    {
        var cells = layout.Cells.Count;
        var scores = new float[batch.Count * layout.Classes * cells];
        var owned = new List<long>();
        var distances = new List<float>();
        for (var picture = 0; picture < batch.Count; picture++)
        {
            var sample = batch[picture];
            for (var cell = 0; cell < cells; cell++)
            {
                if (sample.Owners[cell] >= 0)
                {
                    var box = sample.Boxes[sample.Owners[cell]];
                    scores[(((picture * layout.Classes) + box.ClassId) * cells) + cell] = 1;
                    owned.Add((picture * cells) + cell);
                    distances.AddRange(Distances(layout.Cells[cell], box));
                }
            }
        }

        var target = tensor(scores, [batch.Count, layout.Classes, cells]);
        var loss = Focal(output.narrow(1, 4, layout.Classes), target);
        if (owned.Count > 0)
        {
            var predicted = output.narrow(1, 0, 4).permute(0, 2, 1).reshape(-1, 4).index_select(0, tensor(owned.ToArray())).exp();
            var wanted = tensor(distances.ToArray(), [owned.Count, 4]);
            loss += BoxWeight * (1 - GeneralisedIou(predicted, wanted)).sum();
        }

        return loss / Math.Max(1, owned.Count);
    }

    private static Tensor Focal(Tensor logits, Tensor target)
    {
        var cross = functional.binary_cross_entropy_with_logits(logits, target, reduction: Reduction.None);
        var probability = logits.sigmoid();
        var miss = (target * (1 - probability)) + ((1 - target) * probability);
        var weight = (target * Alpha) + ((1 - target) * (1 - Alpha));
        return (cross * weight * miss * miss).sum();
    }

    // Both boxes share the cell's centre, so distances to the sides are enough.
    private static Tensor GeneralisedIou(Tensor predicted, Tensor wanted)
    {
        var overlap = minimum(predicted, wanted);
        var hull = maximum(predicted, wanted);
        var intersection = Area(overlap);
        var union = Area(predicted) + Area(wanted) - intersection;
        var enclosing = Area(hull);
        return (intersection / union) - ((enclosing - union) / enclosing);
    }

    private static Tensor Area(Tensor sides) =>
        (sides.select(1, 0) + sides.select(1, 2)) * (sides.select(1, 1) + sides.select(1, 3));

    private static float[] Distances(DetectorCell cell, TrainingBox box) =>
    [
        Side(cell.X - box.X, cell.Stride),
        Side(cell.Y - box.Y, cell.Stride),
        Side(box.X + box.Width - cell.X, cell.Stride),
        Side(box.Y + box.Height - cell.Y, cell.Stride),
    ];

    private static float Side(float pixels, int stride) => Math.Max(pixels / stride, SmallestDistance);
}
