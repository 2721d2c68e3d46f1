using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Grains.Tests.Cameras;

/// <summary>Anything but the text itself, and another for each camera or site.</summary>
internal sealed class ReversedSecrets : ICameraSecrets, IDestinationSecrets
{
    public string Protect(Guid cameraId, string credentials) => $"{ICameraSecrets.Mark}{cameraId} {Reversed(credentials)}";

    public string Unprotect(Guid cameraId, string stored)
    {
        var mark = $"{ICameraSecrets.Mark}{cameraId} ";
        return stored.StartsWith(mark, StringComparison.Ordinal) ? Reversed(stored[mark.Length..])
            : !stored.StartsWith(ICameraSecrets.Mark, StringComparison.Ordinal) ? stored
            : throw new FleetRefusedException(RefusalKind.Conflict, "output_destinations", "It was made for another, or by somebody else.");
    }

    private static string Reversed(string text) => new([.. text.Reverse()]);
}
