namespace OrleansAiFleet.Storage.Models;

/// <summary>Which of a content's chunks are read, in batches.</summary>
/// <param name="First">Ordinal where the first batch begins.</param>
/// <param name="Length">Chunks in a batch.</param>
/// <param name="Step">From the beginning of one to that of the next, in chunks.</param>
internal readonly record struct ChunkBatches(int First, int Length, int Step);
