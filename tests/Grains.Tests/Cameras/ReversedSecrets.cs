using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.Grains.Tests.Cameras;

/// <summary>Anything but the text itself, and another for each camera.</summary>
internal sealed class ReversedSecrets : ICameraSecrets
{
    public string Protect(Guid cameraId, string credentials) => $"{ICameraSecrets.Mark}{cameraId} {Reversed(credentials)}";

    public string Unprotect(Guid cameraId, string stored) => Reversed(stored[$"{ICameraSecrets.Mark}{cameraId} ".Length..]);

    private static string Reversed(string text) => new([.. text.Reverse()]);
}
