namespace OrleansAiFleet.FleetCli;

/// <summary>Something the person at the keyboard can mend; the message says what and how.</summary>
internal sealed class FleetCliException : Exception
{
    public FleetCliException()
    {
    }

    public FleetCliException(string message)
        : base(message)
    {
    }

    public FleetCliException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
