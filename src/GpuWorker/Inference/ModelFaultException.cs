namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>A model cannot be used: the field at fault and one sentence for its owner.</summary>
internal sealed class ModelFaultException : Exception
{
    public const string FileField = "file";

    public ModelFaultException()
    {
    }

    /// <summary>The file itself is at fault.</summary>
    public ModelFaultException(string message)
        : base(message)
    {
    }

    /// <summary>The file itself is at fault.</summary>
    public ModelFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ModelFaultException(string field, string message)
        : base(message) => Field = field;

    /// <summary><c>file</c>, <c>configuration.decoder</c>, <c>labels</c> …</summary>
    public string Field { get; } = FileField;
}
