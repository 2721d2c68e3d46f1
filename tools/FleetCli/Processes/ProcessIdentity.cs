using System.Globalization;

namespace OrleansAiFleet.FleetCli.Processes;

/// <summary>A process id with its start time, so that a process id used again is not taken for the same process.</summary>
/// <param name="Id">Process id.</param>
/// <param name="StartTicks">Field 22 of <c>/proc/pid/stat</c>: clock ticks since boot.</param>
internal readonly record struct ProcessIdentity(int Id, long StartTicks)
{
    /// <summary>The process with this id now, or one that is not alive.</summary>
    public static ProcessIdentity Of(int id) => new(id, ReadStartTicks(id) ?? -1);

    /// <summary>True while that very process exists and is no zombie.</summary>
    public bool IsAlive() => StartTicks >= 0 && ReadStartTicks(Id) == StartTicks;

    private static long? ReadStartTicks(int id)
    {
        try
        {
            // The command's name stands in parentheses and may hold spaces: fields are counted from the last one.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
