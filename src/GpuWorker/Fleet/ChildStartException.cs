namespace OrleansAiFleet.GpuWorker.Fleet;

/// <summary>A child process cannot be started; the message says which and why.</summary>
internal sealed class ChildStartException : Exception
{
    public ChildStartException()
    {
    }

    public ChildStartException(string message)
        : base(message)
    {
    }

    public ChildStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
