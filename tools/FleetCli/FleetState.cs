using System.Text.Json;

using OrleansAiFleet.FleetCli.Processes;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.FleetCli;

/// <summary>What a running fleet wrote down about itself, so that other commands find it.</summary>
internal sealed record FleetState(ProcessIdentity Owner, IReadOnlyList<RunningProcess> Processes)
{
    /// <summary>The fleet that runs in this home, or null where none does. A file left by a dead fleet counts as none.</summary>
    public static FleetState? ReadRunning(FleetSettings settings)
    {
        try
        {
            var state = JsonSerializer.Deserialize<FleetState>(File.ReadAllText(settings.StateFile), FleetJson.Options);
            return state is not null && state.Owner.IsAlive() ? state : null;
        }
        catch (Exception failure) when (failure is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    public void Write(FleetSettings settings)
    {
        var draft = settings.StateFile + ".new";
        File.WriteAllText(draft, JsonSerializer.Serialize(this, FleetJson.Options));
        File.Move(draft, settings.StateFile, overwrite: true);
    }

    /// <summary>Forgets the fleet.</summary>
    public static void Delete(FleetSettings settings) => File.Delete(settings.StateFile);
}

/// <summary>One process of the fleet.</summary>
/// <param name="Name">postgres, silo, worker-1 …, web.</param>
/// <param name="Process">Which process it is.</param>
/// <param name="Restarts">How often it was started again.</param>
internal sealed record RunningProcess(string Name, ProcessIdentity Process, int Restarts);
