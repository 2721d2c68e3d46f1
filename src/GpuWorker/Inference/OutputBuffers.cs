using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// Where a model's outputs go: memory of our own where the model says every size, copies of ONNX Runtime's where it
/// leaves one open. Outputs that are not float32 are not fetched and stay empty. Part of <see cref="SessionBuffers"/>.
/// </summary>
internal sealed class OutputBuffers : IDisposable
{
    private readonly string[] _names;
    private readonly int[] _positions;
    private readonly int _outputCount;
    private readonly List<NativeBuffer<float>> _memory = [];
    private readonly OrtValue[][]? _values;
    private readonly OutputSet[]? _sets;
    private readonly float[][] _copies;

    public OutputBuffers(ModelContract contract, int maximumBatch)
    {
        _outputCount = contract.Outputs.Count;
        _positions = [.. Enumerable.Range(0, _outputCount).Where(i => contract.Outputs[i].Type == TensorType.Real32)];
        _names = [.. _positions.Select(i => contract.Outputs[i].Name)];
        _copies = [.. _positions.Select(_ => Array.Empty<float>())];

        // A fixed batch axis under an open one is often only the exporter's trace: ONNX Runtime then says what came.
        var openBatch = contract.Inputs[0].Shape[0] < 0;
        if (_positions.All(i => IsKnown(contract.Outputs[i].Shape, openBatch)))
        {
            int[][] shapes = [.. _positions.Select(i => contract.Outputs[i].Shape.Skip(1).ToArray())];
            _memory.AddRange(shapes.Select(shape => new NativeBuffer<float>(checked(LengthOf(shape) * maximumBatch))));
            _values = [.. Enumerable.Range(1, maximumBatch).Select(batch => CreateValues(shapes, batch))];
            _sets = [.. Enumerable.Range(1, maximumBatch).Select(batch => CreateSet(shapes, batch))];
        }
    }

    public OutputSet Run(
        InferenceSession session, RunOptions options, string[] inputNames, OrtValue[] inputs, int count)
    {
        if (_values is null || _sets is null)
        {
            using var values = session.Run(options, inputNames, inputs, _names);
            return Copy(values);
        }

        session.Run(options, inputNames, inputs, _names, _values[count - 1]);
        return _sets[count - 1];
    }

    public void Dispose()
    {
        foreach (var value in (_values ?? []).SelectMany(values => values))
        {
            value.Dispose();
        }

        _memory.ForEach(memory => memory.Dispose());
    }

    private static bool IsKnown(IReadOnlyList<int> shape, bool openBatch) =>
        shape.Count > 0 && shape[0] == (openBatch ? -1 : 1) && shape.Skip(1).All(side => side > 0);

    private static int LengthOf(int[] shape) => checked(shape.Aggregate(1, (product, side) => product * side));

    private OrtValue[] CreateValues(int[][] shapes, int batch) => [.. shapes.Select((shape, i) =>
        OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            TensorElementType.Float,
            [batch, .. shape],
            _memory[i].Address,
            (long)LengthOf(shape) * batch * sizeof(float)))];

    private OutputSet CreateSet(int[][] shapes, int batch) => Arrange(
        [.. shapes.Select((shape, i) => (ReadOnlyMemory<float>)_memory[i].Memory[..(LengthOf(shape) * batch)])],
        [.. shapes.Select(shape => (int[])[batch, .. shape])]);

    private OutputSet Copy(IReadOnlyList<OrtValue> values)
    {
        var shapes = new int[values.Count][];
        var tensors = new ReadOnlyMemory<float>[values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            shapes[i] = [.. values[i].GetTensorTypeAndShape().Shape.Select(side => (int)side)];
            var content = values[i].GetTensorDataAsSpan<float>();
            if (_copies[i].Length < content.Length)
            {
                _copies[i] = new float[content.Length];
            }

            content.CopyTo(_copies[i]);
            tensors[i] = _copies[i].AsMemory(0, content.Length);
        }

        return Arrange(tensors, shapes);
    }

    private OutputSet Arrange(ReadOnlyMemory<float>[] fetched, int[][] fetchedShapes)
    {
        var tensors = new ReadOnlyMemory<float>[_outputCount];
        var shapes = new int[_outputCount][];
        Array.Fill(shapes, []);
        for (var i = 0; i < _positions.Length; i++)
        {
            (tensors[_positions[i]], shapes[_positions[i]]) = (fetched[i], fetchedShapes[i]);
        }

        return new OutputSet(tensors, shapes);
    }
}
