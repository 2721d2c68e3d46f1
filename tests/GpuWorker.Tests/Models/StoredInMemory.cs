using System.Security.Cryptography;

using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>Stored files without a database, encrypted as there.</summary>
internal sealed class StoredInMemory : IModelFiles
{
    private readonly Dictionary<string, (ModelFileHeader Header, byte[] Key, IDataKeyWrapper Wrapper, List<byte[]> Chunks)> _files = [];
    private int _fetches;

    public int Fetches => Volatile.Read(ref _fetches);

    /// <summary>Wraps and unwraps the keys of files.</summary>
    public IDataKeyWrapper Keys { get; set; } = new MasterKeyWrapper([new MasterKey(new byte[KeyFile.KeyBytes])]);

    /// <summary>Awaited before each chunk.</summary>
    public Func<string, Task> BeforeChunk { get; set; } = _ => Task.CompletedTask;

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

    /// <summary>Stores a file under any name.</summary>
    public void Put(string path, byte[] file)
    {
        var id = Guid.NewGuid();
        var key = ChunkCipher.CreateKey();
        var header = new ModelFileHeader(path["sha256/".Length..], file.Length, id, new("", []));
        using var cipher = new ChunkCipher(key, id);
        List<byte[]> chunks = [];
        for (var ordinal = 0; ordinal < header.Chunks; ordinal++)
        {
            var chunk = new byte[header.EncryptedBytesOf(ordinal)];
            cipher.Encrypt(
                ordinal, ordinal == header.Chunks - 1, file.AsSpan(ordinal * ChunkCipher.ChunkBytes, header.PlainBytesOf(ordinal)), chunk);
            chunks.Add(chunk);
        }

        _files[path] = (header, key, Keys, chunks);
    }

    /// <summary>Changes what is stored of a file.</summary>
    public void Tamper(string path, Action<List<byte[]>> change) => change(_files[path].Chunks);

    /// <summary>Opens a file, its key wrapped by what wrapped keys when it was stored.</summary>
    public async Task<EncryptedModelFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _fetches);
        if (!_files.TryGetValue(path, out var file))
        {
            throw new FileNotFoundException("No such model file.", path);
        }

        var wrapped = await file.Wrapper.WrapAsync(file.Key, file.Header.ContentId.ToByteArray(bigEndian: true), cancellationToken);
        return new(file.Header with { Key = wrapped }, ReadAsync(path, file.Chunks), null);
    }

    public Task<ModelFileDecryption> StartDecryptionAsync(ModelFileHeader header, CancellationToken cancellationToken) =>
        ModelFileDecryption.StartAsync(header, Keys, cancellationToken);

    private async IAsyncEnumerable<ModelFileChunk> ReadAsync(string path, List<byte[]> chunks)
    {
        foreach (var content in chunks)
        {
            await BeforeChunk(path);
            var chunk = ModelFileChunk.Rent(content.Length);
            content.CopyTo(chunk.Bytes);
            yield return chunk;
        }
    }
}
