using OrleansAiFleet.Detections;
using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Rollouts;

/// <summary>
/// Brings together what both versions found on the same frame of one camera. A frame that one of them never settles is forgotten. For
/// many threads.
/// </summary>
internal sealed class TrialPair(Guid candidate)
{
    // As far as one version may be behind the other.
    private const int Waiting = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (Guid Deployment, IReadOnlyList<Detection> Found)> _waiting = [];
    private readonly Queue<long> _order = new();
    private TrialBook? _candidate;

    /// <summary>The candidate's book, to which the pairs go.</summary>
    public void Join(Guid deploymentId, TrialBook book)
    {
        if (deploymentId == candidate)
        {
            Volatile.Write(ref _candidate, book);
        }
    }

    /// <summary>Takes one version's result.</summary>
    /// <returns>How far both agree, where the other's is there already.</returns>
    public ObjectAgreement? Match(Guid deploymentId, long frame, IReadOnlyList<Detection> found)
    {
        (Guid Deployment, IReadOnlyList<Detection> Found) other;
        lock (_gate)
        {
            if (!_waiting.Remove(frame, out other) || other.Deployment == deploymentId)
            {
                _waiting[frame] = (deploymentId, found);
                _order.Enqueue(frame);
                while (_order.Count > Waiting)
                {
                    _waiting.Remove(_order.Dequeue());
                }

                return null;
            }
        }

        return ObjectAgreement.Of(Boxes(found), Boxes(other.Found), (i, j) =>
            string.Equals(found[i].ClassName, other.Found[j].ClassName, StringComparison.OrdinalIgnoreCase));
    }

    public void Book(ObjectAgreement objects) => Volatile.Read(ref _candidate)?.Book(objects);

    private static ObjectBox[] Boxes(IReadOnlyList<Detection> found) =>
        [.. found.Select(each => new ObjectBox(each.ClassId, each.Confidence, each.X, each.Y, each.Width, each.Height))];
}
