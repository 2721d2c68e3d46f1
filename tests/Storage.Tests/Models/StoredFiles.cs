using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Storage.Tests.Models;

/// <summary>A store over a database, with any master keys and any place for its contents.</summary>
internal sealed class StoredFiles : IDisposable
{
    public const int Chunk = ChunkCipher.ChunkBytes;

    private readonly ModelFileLocations _locations;

    public StoredFiles(NpgsqlDataSource database, ModelStoreOptions? options = null, params MasterKey[] keys)
    {
        Keys = new MasterKeyWrapper(keys.Length == 0 ? [TestKeys.Current] : keys);
        _locations = new(database, Options.Create(options ?? new()));
        Removals = new(database, _locations, NullLogger<ModelFileRemovals>.Instance);
        Store = new(database, Keys, _locations, Removals);
        Rotation = new(database, Keys, NullLogger<DataKeyRotation>.Instance);
        PlainFiles = new(database, Keys, NullLogger<PlainFileEncryption>.Instance);
    }

    public IDataKeyWrapper Keys { get; }

    public ModelFileStore Store { get; }

    public ModelFileRemovals Removals { get; }

    public DataKeyRotation Rotation { get; }

    public PlainFileEncryption PlainFiles { get; }

    public static byte[] Content(int size)
    {
        var content = new byte[size];
        RandomNumberGenerator.Fill(content);
        return content;
    }

    public Task<StoredFile> SaveAsync(byte[] content) => Store.SaveAsync(new MemoryStream(content), CancellationToken.None);

    public async Task<byte[]> ReadAsync(string path)
    {
        await using var stream = await Store.OpenReadAsync(path, CancellationToken.None);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }

    public void Dispose() => _locations.Dispose();
}
