namespace OrleansAiFleet.Storage.Fleet;

/// <summary>How the states of one name are kept in rows.</summary>
internal interface IStateStore<T>
{
    Task ReadAsync(GrainId grain, IGrainState<T> state);

    Task WriteAsync(GrainId grain, IGrainState<T> state);

    /// <summary>Deletes the row.</summary>
    Task ClearAsync(GrainId grain, IGrainState<T> state);
}
