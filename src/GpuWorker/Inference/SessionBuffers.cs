using System.Runtime.InteropServices;

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// The input and output memory of one model instance, with the tensors over it made once per batch size: a run allocates
/// next to nothing. Not for two threads at a time.
/// </summary>
internal sealed class SessionBuffers : IDisposable
{
    private readonly InferenceSession _session;

    // A run that fails throws what it would also write to the process's error stream, once per frame.
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly string[] _inputNames;
    private readonly NativeBuffer<byte> _input;
    private readonly int _pictureBytes;
    private readonly OrtValue[][] _inputs;
    private readonly OutputBuffers _outputs;

    public SessionBuffers(InferenceSession session, ModelContract contract, int[] pictureShape, int maximumBatch)
    {
        _session = session;
        MaximumBatch = maximumBatch;
        var input = contract.Inputs[0];
        var (type, elementBytes) = input.Type == TensorType.Byte
            ? (TensorElementType.UInt8, sizeof(byte))
            : (TensorElementType.Float, sizeof(float));
        _inputNames = [input.Name];
        _pictureBytes = checked(pictureShape.Aggregate(elementBytes, (product, side) => product * side));
        _input = new NativeBuffer<byte>(checked(_pictureBytes * maximumBatch));
        _inputs = [.. Enumerable.Range(1, maximumBatch).Select(batch => new[]
        {
            OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance,
                type,
                [batch, .. pictureShape],
                _input.Address,
                (long)_pictureBytes * batch),
        })];
        _outputs = new OutputBuffers(contract, maximumBatch);
    }

    public int MaximumBatch { get; }

    /// <summary>Where one picture of the coming batch goes.</summary>
    public Span<byte> Input(int index) => _input.GetSpan().Slice(index * _pictureBytes, _pictureBytes);

    /// <summary>The same, for models that take float32.</summary>
    public Span<float> RealInput(int index) => MemoryMarshal.Cast<byte, float>(Input(index));

    /// <summary>Runs the first <paramref name="count"/> pictures. What it gives is valid until the next run.</summary>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public OutputSet Run(int count) => _outputs.Run(_session, _runOptions, _inputNames, _inputs[count - 1], count);

    public void Dispose()
    {
        foreach (var value in _inputs.SelectMany(values => values))
        {
            value.Dispose();
        }

        _outputs.Dispose();
        _runOptions.Dispose();
        _input.Dispose();
    }
}
