using TorchSharp.Modules;

using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace OrleansAiFleet.Trainer.Training;

/// <summary>Convolution without bias, batch normalisation, ReLU; padded so that stride 1 keeps the size.</summary>
internal sealed class ConvolutionBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d _convolution;
    private readonly BatchNorm2d _normalisation;

    public ConvolutionBlock(int inputs, int outputs, int kernel, int stride)
        : base("block")
    {
        (Kernel, Stride) = (kernel, stride);
        _convolution = Conv2d(inputs, outputs, kernel_size: kernel, stride: stride, padding: kernel / 2, bias: false);
        _normalisation = BatchNorm2d(outputs);
        RegisterComponents();
    }

    public int Kernel { get; }

    public int Stride { get; }

    public override Tensor forward(Tensor input) => functional.relu(_normalisation.forward(_convolution.forward(input)));

    /// <summary>Weights and bias of the one convolution that this block is after training.</summary>
    public (float[] Weights, float[] Bias, long[] Shape) Fold()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var factor = _normalisation.weight! / (_normalisation.running_var! + _normalisation.eps).sqrt();
        var weights = _convolution.weight! * factor.reshape(-1, 1, 1, 1);
        var bias = _normalisation.bias! - (_normalisation.running_mean! * factor);
        return (Values(weights), Values(bias), weights.shape);
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().cpu().data<float>().ToArray();
}
