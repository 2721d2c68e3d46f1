using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>What a deployment found on a frame, and to where of it is to be sent.</summary>
/// <param name="Detections">What is stored; may be empty.</param>
/// <param name="Outgoing">What of it is sent.</param>
internal readonly record struct FoundObjects(IReadOnlyList<Detection> Detections, IReadOnlyList<OutgoingDetection> Outgoing)
{
    /// <summary>Detections that go where the routes of their camera take them. Pure.</summary>
    public static FoundObjects Of(IReadOnlyList<Detection> detections, DestinationRoute[] routes)
    {
        if (routes.Length == 0 || detections.Count == 0)
        {
            return new(detections, []);
        }

        List<OutgoingDetection> outgoing = [];
        foreach (var route in routes)
        {
            foreach (var detection in detections)
            {
                if (route.Takes(detection))
                {
                    outgoing.Add(new(detection.Id, route.Name));
                }
            }
        }

        return new(detections, outgoing);
    }
}
