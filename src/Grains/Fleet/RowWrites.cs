using Orleans.Storage;

namespace OrleansAiFleet.Fleet;

/// <summary>How grains write their row.</summary>
internal static class RowWrites
{
    /// <summary>
    /// Writes the row. Where that fails, memory says again what the database says, so that the grain never answers with
    /// what was not stored.
    /// </summary>
    /// <exception cref="FleetRefusedException">The store refused the row, or somebody else changed it meanwhile.</exception>
    public static async Task WriteRow<T>(this IPersistentState<T> state, T row)
    {
        var before = state.State;
        state.State = row;
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            state.State = before;
            await state.ReadStateAsync();
            throw Refusal.Conflict(null, "Somebody else changed the row at the same time; look at it and ask again.").ToException();
        }
        catch (Exception failure)
        {
            state.State = before;

            // The storage bridge wraps what is no exception of Orleans' own.
            if (failure is not FleetRefusedException && failure.GetBaseException() is FleetRefusedException refused)
            {
                throw new FleetRefusedException(refused.Kind, refused.Field, refused.Message);
            }

            throw;
        }
    }

    /// <summary>Removes the row. Where that fails, memory is as it was.</summary>
    /// <exception cref="FleetRefusedException">Other rows refer to it, or somebody else changed it meanwhile.</exception>
    public static async Task ClearRow<T>(this IPersistentState<T> state)
    {
        try
        {
            await state.ClearStateAsync();
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync();
            throw Refusal.Conflict(null, "Somebody else changed the row at the same time; look at it and ask again.").ToException();
        }
        catch (Exception failure) when (failure is not FleetRefusedException && failure.GetBaseException() is FleetRefusedException refused)
        {
            throw new FleetRefusedException(refused.Kind, refused.Field, refused.Message);
        }
    }
}
