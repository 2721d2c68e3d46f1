namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>A model version cannot be loaded on this worker; the message says why and what to do.</summary>
internal sealed class ModelLoadException : Exception
{
    public ModelLoadException()
    {
    }

    public ModelLoadException(string message)
        : base(message)
    {
    }

    public ModelLoadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
