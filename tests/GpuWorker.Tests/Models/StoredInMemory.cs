using System.Security.Cryptography;

using OrleansAiFleet.GpuWorker.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>Stored files without a database.</summary>
internal sealed class StoredInMemory : IModelFiles
{
    private readonly Dictionary<string, byte[]> _files = [];

    public int Fetches { get; private set; }

    public string Add(int length, byte content)
    {
        var file = new byte[length];
        Array.Fill(file, content);
        return Add(file);
    }

    public string Add(byte[] file)
    {
        var path = "sha256/" + Convert.ToHexStringLower(SHA256.HashData(file));
        Put(path, file);
        return path;
    }

    public void Put(string path, byte[] file) => _files[path] = file;

    public Task FetchAsync(string path, string targetFile, CancellationToken cancellationToken)
    {
        Fetches++;
        return _files.TryGetValue(path, out var file)
            ? File.WriteAllBytesAsync(targetFile, file, cancellationToken)
            : throw new FileNotFoundException("No such model file.", path);
    }
}
