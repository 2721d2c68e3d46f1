namespace OrleansAiFleet.Storage.Detections;

/// <summary>A batch and the place behind it in the journal; not in a file where the disk refused it.</summary>
internal readonly record struct JournalEntry(FrameBatch Batch, JournalPosition End, bool InFile = true);
