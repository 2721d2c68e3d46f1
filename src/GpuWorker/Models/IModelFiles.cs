using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Where model files come from, encrypted, and what decrypts them.</summary>
internal interface IModelFiles
{
    /// <summary>Opens a file; whoever opens it disposes it.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    Task<EncryptedModelFile> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>Begins to decrypt a file, from the store or kept since.</summary>
    /// <exception cref="InvalidDataException">Its key was changed.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">Its master key is not here.</exception>
    Task<ModelFileDecryption> StartDecryptionAsync(ModelFileHeader header, CancellationToken cancellationToken);
}
