using System.Net;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Fleet;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>
/// Writes what was found into the Notes of the events that the frames fall into. Frames whose event goes on wait; those that no event
/// covers are pointless.
/// </summary>
public sealed class ZoneMinderSender : IDestinationSender, IDisposable
{
    /// <summary>After how long it is looked again whether an event has ended.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private readonly TimeSpan _budget;
    private readonly TimeProvider _time;
    private readonly ZoneMinderHttp _http;
    private readonly ZoneMinderSessions _sessions;
    private readonly ZoneMinderLocks _locks = new();

    /// <param name="networks">Private networks in which ZoneMinder may be.</param>
    /// <param name="budget">After which no further event is begun: what is done is told, and the rest waits for the next try.</param>
    /// <param name="time">The clock.</param>
    /// <param name="resolve">Finds the addresses of a host name; null: the system's.</param>
    /// <param name="trust">Whom TLS believes; null: whom the machine does.</param>
    public ZoneMinderSender(
        IReadOnlyCollection<IPNetwork> networks,
        TimeSpan budget,
        TimeProvider time,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        ReceiverTrust? trust = null)
    {
        _budget = budget;
        _time = time;
        _http = new(networks, time, resolve, trust);
        _sessions = new(_http, time);
    }

    public bool Sends(OutputDestination destination) => destination is ZoneMinderDestination;

    public async Task<SendResult> SendAsync(OutputDestination destination, Delivery delivery, CancellationToken cancellationToken)
    {
        var server = (ZoneMinderDestination)destination;
        var api = new ZoneMinderApi(_http, _sessions, server);
        try
        {
            return delivery.IsTest
                ? await ZoneMinderTrial.RunAsync(api, server, _time, cancellationToken)
                : await SortAsync(api, server, delivery, cancellationToken);
        }
        catch (ZoneMinderException failure)
        {
            return failure.Ending;
        }
    }

    /// <summary>Forgets logins that nobody used for a while.</summary>
    public void Trim() => _sessions.Trim();

    public void Dispose() => _http.Dispose();

    // Cameras come in any order: where there is no time for all, it is not always the same that are left.
    private async Task<SendResult> SortAsync(
        ZoneMinderApi api, ZoneMinderDestination server, Delivery delivery, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var sorting = new ZoneMinderSorting(api, server, await api.GetClockAsync(cancellationToken), _locks, _time);
        var fates = new Dictionary<Guid, FrameFate>();
        foreach (var camera in delivery.Frames.GroupBy(frame => frame.CameraId).OrderBy(_ => Random.Shared.Next()))
        {
            await foreach (var (frames, fate) in sorting.SortAsync(camera.Key, camera, cancellationToken))
            {
                foreach (var frame in frames)
                {
                    fates[frame.Id] = fate;
                }

                if (_time.GetElapsedTime(began) > _budget)
                {
                    return ResultOf(delivery, fates);
                }
            }
        }

        return ResultOf(delivery, fates);
    }

    private static SendResult ResultOf(Delivery delivery, Dictionary<Guid, FrameFate> fates)
    {
        FrameFate late = new(FateKind.Waits, "Its turn has not come yet.");
        FrameFate[] all = [.. delivery.Frames.Select(frame => fates.GetValueOrDefault(frame.Id, late))];
        if (all.All(fate => fate.Kind == FateKind.Delivered))
        {
            return SendResult.Delivered("The events have it in their Notes.");
        }

        // What there was no time for goes on at once, unless nothing at all came of this try.
        var goesOn = all.Contains(late) && all.Any(fate => fate.Kind != FateKind.Waits);
        return SendResult.Sorted(all, goesOn ? TimeSpan.Zero : Pause);
    }
}
