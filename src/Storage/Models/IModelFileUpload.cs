namespace OrleansAiFleet.Storage.Models;

/// <summary>A content on its way to where it will lie. Disposed before it is kept, nothing of it stays.</summary>
internal interface IModelFileUpload : IAsyncDisposable
{
    /// <summary>Takes the next encrypted chunk.</summary>
    Task WriteAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken);

    /// <summary>Keeps the content under its name; false where the name is taken, and nothing is kept then.</summary>
    Task<bool> TryKeepAsync(ModelFileRow row, CancellationToken cancellationToken);

    /// <summary>After that: keeps the content in place of another of the same name; false where the name has that no longer.</summary>
    Task<bool> TryReplaceAsync(ModelFileRow row, Guid replaced, CancellationToken cancellationToken);
}

/// <summary>Where contents lie.</summary>
internal interface IModelFileContents
{
    /// <summary>As <see cref="ModelFileRow.Location"/> has it.</summary>
    string Location { get; }

    /// <summary>Begins to store a content.</summary>
    Task<IModelFileUpload> BeginAsync(Guid contentId, CancellationToken cancellationToken);
}
