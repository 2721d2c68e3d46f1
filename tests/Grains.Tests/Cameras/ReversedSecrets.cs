using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Grains.Tests.Cameras;

/// <summary>Anything but the text itself, and another for each camera or site.</summary>
internal sealed class ReversedSecrets : ICameraSecrets, IDestinationSecrets
{
    public string Protect(Guid cameraId, string credentials) => $"{ICameraSecrets.Mark}{cameraId} {Reversed(credentials)}";

    public string Unprotect(Guid cameraId, string stored) => Reversed(stored[$"{ICameraSecrets.Mark}{cameraId} ".Length..]);

    private static string Reversed(string text) => new([.. text.Reverse()]);
}
