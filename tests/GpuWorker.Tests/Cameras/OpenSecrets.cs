using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Encrypts by the mark alone.</summary>
internal sealed class OpenSecrets : ICameraSecrets
{
    public string Protect(Guid cameraId, string credentials) => ICameraSecrets.Mark + credentials;

    public string Unprotect(Guid cameraId, string stored) => stored.Replace(ICameraSecrets.Mark, "", StringComparison.Ordinal);
}
