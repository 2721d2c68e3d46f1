using TorchSharp.Modules;

using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace OrleansAiFleet.Trainer.Training;

/// <summary>
/// The detector in TorchSharp. Input [batch, 3, height, width] RGB 0 to 1; output [batch, 4 + classes, cells]: the
/// logarithm of the distances from the cell's centre to the box's sides in strides, then class logits.
/// </summary>
internal sealed class DetectorNetwork : Module<Tensor, Tensor>
{
    // Rare objects at the start: a prior of 1 % keeps the first steps of the focal loss quiet (Lin et al. 2017, 4.1).
    private const double PriorLogit = -4.6;

    private readonly DetectorLayout _layout;
    private readonly ModuleList<ConvolutionBlock> _backbone = new();
    private readonly ModuleList<ConvolutionBlock> _laterals = new();
    private readonly ModuleList<ConvolutionBlock> _fusions = new();
    private readonly ModuleList<ConvolutionBlock> _stems = new();
    private readonly ModuleList<Conv2d> _heads = new();

    public DetectorNetwork(DetectorLayout layout)
        : base("detector")
    {
        _layout = layout;
        var channels = 3;
        foreach (var (width, stride, _) in DetectorLayout.Backbone)
        {
            _backbone.Add(new ConvolutionBlock(channels, width, kernel: 3, stride));
            channels = width;
        }

        for (var level = 0; level < 2; level++)
        {
            _laterals.Add(new ConvolutionBlock(
                DetectorLayout.LevelChannels[level + 1], DetectorLayout.LevelChannels[level], kernel: 1, stride: 1));
            _fusions.Add(new ConvolutionBlock(
                DetectorLayout.LevelChannels[level], DetectorLayout.LevelChannels[level], kernel: 3, stride: 1));
        }

        foreach (var width in DetectorLayout.LevelChannels)
        {
            _stems.Add(new ConvolutionBlock(width, DetectorLayout.HeadChannels, kernel: 3, stride: 1));
            var head = Conv2d(DetectorLayout.HeadChannels, layout.Outputs, kernel_size: 1);
            using (no_grad())
            {
                head.bias!.narrow(0, 4, layout.Classes).fill_(PriorLogit);
            }

            _heads.Add(head);
        }

        RegisterComponents();
    }

    public IReadOnlyList<ConvolutionBlock> Backbone => [.. _backbone];

    public IReadOnlyList<ConvolutionBlock> Laterals => [.. _laterals];

    public IReadOnlyList<ConvolutionBlock> Fusions => [.. _fusions];

    public IReadOnlyList<ConvolutionBlock> Stems => [.. _stems];

    public IReadOnlyList<Conv2d> Heads => [.. _heads];

    public override Tensor forward(Tensor input)
    {
        var levels = new Tensor[3];
        var x = input;
        for (var i = 0; i < _backbone.Count; i++)
        {
            x = _backbone[i].forward(x);
            if (DetectorLayout.Backbone[i].Level is var level and >= 0)
            {
                levels[level] = x;
            }
        }

        for (var level = 1; level >= 0; level--)
        {
            var above = _laterals[level].forward(levels[level + 1]);
            var enlarged = functional.interpolate(above, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
            levels[level] = _fusions[level].forward(levels[level] + enlarged);
        }

        return cat([.. levels.Select((map, level) => _heads[level].forward(_stems[level].forward(map)).flatten(2))], 2);
    }

    /// <summary>The exported model's output for the same input: boxes (cx, cy, w, h in input pixels), then class scores 0 to 1.</summary>
    public Tensor Detect(Tensor input)
    {
        using var scope = NewDisposeScope();
        var raw = forward(input);
        var strides = tensor(_layout.Cells.Select(cell => (float)cell.Stride).ToArray());
        var distances = raw.narrow(1, 0, 4).exp() * strides;
        var (left, top, right, bottom) =
            (distances.narrow(1, 0, 1), distances.narrow(1, 1, 1), distances.narrow(1, 2, 1), distances.narrow(1, 3, 1));
        var x = tensor(_layout.Cells.Select(cell => cell.X).ToArray()) + ((right - left) * 0.5f);
        var y = tensor(_layout.Cells.Select(cell => cell.Y).ToArray()) + ((bottom - top) * 0.5f);
        return cat([x, y, left + right, top + bottom, raw.narrow(1, 4, _layout.Classes).sigmoid()], 1).MoveToOuterDisposeScope();
    }
}
