using Microsoft.ML.OnnxRuntime;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Says in plain words why a file is no model that the fleet runs.</summary>
internal static class ModelFileCheck
{
    /// <summary>Refuses, before ONNX Runtime opens it, a file that would make it read other files.</summary>
    /// <exception cref="ModelFaultException">It is empty, no ONNX file, or keeps weights outside.</exception>
    public static void Verify(string file)
    {
        bool usesExternalWeights;
        try
        {
            usesExternalWeights = OnnxFile.UsesExternalWeights(file);
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFaultException("The file is not an ONNX model: export the model to ONNX and upload that.", exception);
        }

        if (usesExternalWeights)
        {
            throw new ModelFaultException("The model keeps its weights in other files: save it as one ONNX file.");
        }
    }

    /// <summary>ONNX Runtime's refusal in the owner's words.</summary>
    public static ModelFaultException Explain(OnnxRuntimeException exception)
    {
        var message = exception.Message;
        if (message.Contains("Protobuf parsing failed", StringComparison.Ordinal)
            || message.Contains("InvalidProtobuf", StringComparison.Ordinal))
        {
            return new("The file is not an ONNX model: export the model to ONNX and upload that.", exception);
        }

        if (message.Contains("is not a registered function/op", StringComparison.Ordinal)
            || message.Contains("No Op registered for", StringComparison.Ordinal))
        {
            return new($"The model uses an operator that ONNX Runtime does not know: {message}", exception);
        }

        return new($"ONNX Runtime cannot open the model: {message}", exception);
    }
}
