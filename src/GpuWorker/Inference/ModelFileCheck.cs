using System.IO.MemoryMappedFiles;

using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.GpuWorker.Models.Onnx;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Says in plain words why a file is no model that the fleet runs.</summary>
internal static class ModelFileCheck
{
    /// <summary>Refuses, before ONNX Runtime opens it, a file that could harm it or make it read other files.</summary>
    /// <exception cref="ModelFaultException">See <see cref="OnnxChecks"/>.</exception>
    public static unsafe void Verify(string file)
    {
        // A file in memory is opened by a link, whose own length says nothing.
        using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var length = content.Length;
        if (length is 0 or > int.MaxValue)
        {
            throw length == 0
                ? WireReader.Broken()
                : new ModelFaultException($"A model file of {length} bytes cannot be: ONNX files have at most 2 GiB.");
        }

        using var mapped = MemoryMappedFile.CreateFromFile(
            content, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = mapped.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            OnnxChecks.Verify(new ReadOnlySpan<byte>(start, (int)length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
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
