namespace OrleansAiFleet.Cameras;

/// <summary>
/// A camera's credentials as they are stored and sent between silos: encrypted, and good for this camera alone. Opened by
/// whoever connects to the camera, and by nobody else.
/// </summary>
public interface ICameraSecrets
{
    /// <summary>What is encrypted begins so; what does not was stored before there was a master key.</summary>
    const string Mark = "enc:";

    /// <summary>Encrypts credentials; the same ones give another text each time.</summary>
    string Protect(Guid cameraId, string credentials);

    /// <summary>The credentials of a stored text.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">It was made for another camera, or with a master key that is gone.</exception>
    string Unprotect(Guid cameraId, string stored);
}
