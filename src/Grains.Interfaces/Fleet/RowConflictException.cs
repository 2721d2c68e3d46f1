namespace OrleansAiFleet.Fleet;

/// <summary>Somebody changed a row since the caller read it: 409, with both versions. Nothing was changed.</summary>
[GenerateSerializer, Alias("Fleet.RowConflictException")]
public sealed class RowConflictException : Exception
{
    public RowConflictException()
    {
    }

    public RowConflictException(string message)
        : base(message)
    {
    }

    public RowConflictException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <param name="asked">Row versions that the caller means.</param>
    /// <param name="stored">The one that is there.</param>
    /// <param name="current">The row that is there, as the API shows it.</param>
    public RowConflictException(string[] asked, string stored, JsonText current)
        : base($"Somebody else changed it: you have version {string.Join(", ", asked)}, stored is {stored}. Look at it and ask again.") =>
        (Asked, Stored, Current) = (asked, stored, current);

    [Id(0)]
    public string[] Asked { get; private set; } = [];

    [Id(1)]
    public string Stored { get; private set; } = "";

    [Id(2)]
    public JsonText? Current { get; private set; }
}
