using Npgsql;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Model files (weights, labels, configuration) in PostgreSQL, in chunks, named by their SHA-256.</summary>
public sealed class ModelFileStore(NpgsqlDataSource database)
{
    /// <summary>Stores a file in constant memory. Storing the same content again stores nothing and gives the same path.</summary>
    public Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken) => throw new NotImplementedException($"{database}");

    /// <summary>Streams a file to a local path; the target appears only whole and with its checksum right.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">The content does not match its checksum.</exception>
    public Task FetchAsync(string path, string targetFile, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Removes a file that no model refers to. Idempotent; a file in use stays.</summary>
    public Task DeleteIfUnusedAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>A stored file: its path in the store (<c>sha256/&lt;hex&gt;</c>), hex SHA-256 and size in bytes.</summary>
public sealed record StoredFile(string Path, string Sha256, long Size);
