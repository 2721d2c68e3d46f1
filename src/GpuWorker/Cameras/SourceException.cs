namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>A source cannot be read; the message says why, without credentials, as an operator may read it.</summary>
internal sealed class SourceException : Exception
{
    public SourceException()
    {
    }

    public SourceException(string message)
        : base(message)
    {
    }

    public SourceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
