using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Model files in the fleet's store.</summary>
internal sealed class StoredModelFiles(ModelFileStore store, IDataKeyWrapper keys) : IModelFiles
{
    public Task<EncryptedModelFile> OpenAsync(string path, CancellationToken cancellationToken) =>
        store.OpenEncryptedAsync(path, cancellationToken);

    public Task<ModelFileDecryption> StartDecryptionAsync(ModelFileHeader header, CancellationToken cancellationToken) =>
        ModelFileDecryption.StartAsync(header, keys, cancellationToken);
}
