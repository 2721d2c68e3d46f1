using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// Owns one open model: its weights are in memory once, every instance runs it through <see cref="SessionBuffers"/> of
/// its own. Dispose it after the last of them.
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxSession(InferenceSession session)
    {
        _session = session;
        try
        {
            Contract = ModelContractReader.Read(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public ModelContract Contract { get; }

    /// <summary>False where the batch axis is fixed to one.</summary>
    public bool TakesBatches => Contract.Inputs[0].Shape[0] < 0;

    /// <summary>Buffers for batches up to a size. For one thread at a time.</summary>
    /// <exception cref="ModelFaultException">The model's input cannot have the specified size.</exception>
    public SessionBuffers Allocate(InputSpec input, int maximumBatch) =>
        new(_session, Contract, PictureShape(input), maximumBatch);

    public void Dispose()
    {
        _session.Dispose();
        FreedMemory.GiveBack();
    }

    private int[] PictureShape(InputSpec input)
    {
        int[] shape = input.Layout == TensorLayout.Nchw
            ? [input.Channels, input.Height, input.Width]
            : [input.Height, input.Width, input.Channels];
        var declared = Contract.Inputs[0].Shape;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (declared[axis + 1] >= 0 && declared[axis + 1] != shape[axis])
            {
                throw new ModelFaultException(
                    $"The model's input is {ModelContractReader.Describe(Contract.Inputs[0])}, its configuration says [{string.Join(',', shape)}].");
            }
        }

        return shape;
    }
}
