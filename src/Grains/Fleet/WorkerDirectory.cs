using Orleans.Metadata;

namespace OrleansAiFleet.Fleet;

/// <summary>Knows which silos of the cluster are workers: those whose grains include camera streams.</summary>
/// <remarks>Reads what every silo advertises when it joins; asks nobody.</remarks>
public sealed class WorkerDirectory(IClusterManifestProvider manifests, IClusterMembershipService membership)
{
    /// <summary>The type under which workers advertise their camera streams.</summary>
    public static GrainType CameraStream { get; } = GrainType.Create("camera-stream");

    /// <summary>Workers that are up.</summary>
    public IReadOnlyList<SiloAddress> Workers
    {
        get
        {
            var snapshot = membership.CurrentSnapshot;
            return [.. manifests.Current.Silos
                .Where(silo => snapshot.GetSiloStatus(silo.Key) == SiloStatus.Active && HostsCameras(silo.Value))
                .Select(silo => silo.Key)];
        }
    }

    private static bool HostsCameras(GrainManifest manifest) => manifest.Grains.ContainsKey(CameraStream);
}
