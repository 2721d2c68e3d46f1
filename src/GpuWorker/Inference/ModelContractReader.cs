using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>What an open model says of itself, as far as the fleet can run it.</summary>
internal static class ModelContractReader
{
    /// <exception cref="ModelFaultException">It does not take one picture batch and give tensors.</exception>
    public static ModelContract Read(InferenceSession session)
    {
        var contract = new ModelContract(
            [.. session.InputNames.Select(name => ReadTensor(name, session.InputMetadata[name]))],
            [.. session.OutputNames.Select(name => ReadTensor(name, session.OutputMetadata[name]))],
            new Dictionary<string, string>(session.ModelMetadata.CustomMetadataMap));
        Verify(contract);
        return contract;
    }

    /// <summary><c>name type[shape]</c>, open dimensions as <c>?</c>, for people.</summary>
    public static string Describe(TensorContract tensor) =>
        $"{tensor.Name} {Spell(tensor.Type)}[{string.Join(',', tensor.Shape.Select(side => side < 0 ? "?" : $"{side}"))}]";

    private static void Verify(ModelContract contract)
    {
        if (contract.Inputs is not [var input])
        {
            throw new ModelFaultException(
                $"The model takes {contract.Inputs.Count} inputs ({DescribeAll(contract.Inputs)}): export one that takes the picture alone.");
        }

        if (input.Shape.Count != 4)
        {
            throw new ModelFaultException(
                $"The model's input is {Describe(input)}: it needs four axes, the batch first ([1,3,640,640] or [batch,3,640,640]).");
        }

        if (input.Shape[0] is not (-1 or 1))
        {
            throw new ModelFaultException(
                $"The model's input is {Describe(input)}: its batch axis must be 1 or open, not {input.Shape[0]}.");
        }

        if (input.Type == TensorType.Other)
        {
            throw new ModelFaultException($"The model's input is {Describe(input)}: it must be float32 or uint8.");
        }

        if (!contract.Outputs.Any(output => output.Type == TensorType.Real32))
        {
            throw new ModelFaultException($"The model has no float32 output ({DescribeAll(contract.Outputs)}).");
        }
    }

    private static TensorContract ReadTensor(string name, NodeMetadata node)
    {
        if (!node.IsTensor)
        {
            throw new ModelFaultException($"The model's {name} is no tensor but a {node.OnnxValueType}.");
        }

        var type = node.ElementDataType switch
        {
            TensorElementType.Float => TensorType.Real32,
            TensorElementType.UInt8 => TensorType.Byte,
            _ => TensorType.Other,
        };
        return new TensorContract(name, type, node.Dimensions);
    }

    private static string DescribeAll(IEnumerable<TensorContract> tensors) => string.Join("; ", tensors.Select(Describe));

    private static string Spell(TensorType type) => type switch
    {
        TensorType.Real32 => "float32",
        TensorType.Byte => "uint8",
        _ => "other",
    };
}
