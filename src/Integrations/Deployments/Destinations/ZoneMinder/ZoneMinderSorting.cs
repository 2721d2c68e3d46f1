using System.Runtime.CompilerServices;
using System.Text;

using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>Finds the event of each frame, and writes what was found into those that have ended.</summary>
internal sealed class ZoneMinderSorting(
    ZoneMinderApi api, ZoneMinderDestination server, ZoneMinderClock clock, ZoneMinderLocks locks, TimeProvider time)
{
    private const string Saved = "Saved";
    private const int MostWrites = 3;

    private TimeSpan Longest => TimeSpan.FromSeconds(server.LongestEventSeconds);

    /// <summary>Frames of one camera with what became of them, piece by piece as it is done.</summary>
    /// <exception cref="ZoneMinderException">ZoneMinder is away, or does not let this user do it.</exception>
    public async IAsyncEnumerable<(IReadOnlyList<DeliveredFrame> Frames, FrameFate Fate)> SortAsync(
        Guid cameraId, IEnumerable<DeliveredFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = frames.OrderByDescending(frame => frame.FrameTime).ToList();
        if (!server.Monitors.TryGetValue(cameraId, out var monitor))
        {
            yield return (left, new(FateKind.Pointless, "The destination has no monitor for the camera."));
            yield break;
        }

        while (left.Count > 0)
        {
            var events = await api.ListEventsAsync(monitor, clock.LocalOf(left[0].FrameTime), cancellationToken);
            var matches = TakeAsked(left, events).Select(frame => (Frame: frame, Match: MatchOf(frame, monitor, events))).ToArray();
            foreach (var same in matches.Where(each => each.Match.Fate is not null).GroupBy(each => each.Match.Fate!))
            {
                yield return ([.. same.Select(each => each.Frame)], same.Key);
            }

            foreach (var same in matches.Where(each => each.Match.Event is not null).GroupBy(each => each.Match.Event!.Id))
            {
                DeliveredFrame[] written = [.. same.Select(each => each.Frame)];
                yield return (written, await WriteAsync(same.Key, written, cancellationToken));
            }
        }
    }

    // Where there are more events than in one answer, frames before the oldest of them are asked for with the next.
    private DeliveredFrame[] TakeAsked(List<DeliveredFrame> left, IReadOnlyList<ZoneMinderEvent> events)
    {
        var oldest = events.Count < ZoneMinderApi.Page ? DateTime.MinValue : events[^1].Start ?? DateTime.MinValue;
        DeliveredFrame[] asked = [.. left.TakeWhile((frame, i) => i == 0 || clock.LocalOf(frame.FrameTime) >= oldest)];
        left.RemoveRange(0, asked.Length);
        return asked;
    }

    private ZoneMinderMatch MatchOf(DeliveredFrame frame, int monitor, IReadOnlyList<ZoneMinderEvent> events) =>
        ZoneMinderMatch.Of(frame.FrameTime, monitor, events, clock, time.GetUtcNow() - frame.FrameTime, Longest);

    // Written until it is read back: others write there too, and ZoneMinder itself does while an event goes on.
    private async Task<FrameFate> WriteAsync(long id, IReadOnlyList<DeliveredFrame> frames, CancellationToken cancellationToken)
    {
        using var held = await locks.EnterAsync(server.Url, id, cancellationToken);
        for (var writes = 0; ; writes++)
        {
            var found = await api.FindEventAsync(id, cancellationToken);
            if (found is null)
            {
                return Deleted(id);
            }

            if (found.IsOpen)
            {
                return Waits(frames, $"Event {id} goes on again: its Notes are written when it has ended.");
            }

            var notes = ZoneMinderNotes.Merge(found.Notes ?? "", frames.SelectMany(frame => frame.Detections));
            if (notes is null)
            {
                return new(FateKind.Delivered, "It is in the Notes.");
            }

            if (writes == MostWrites)
            {
                return Waits(frames, $"Others write the Notes of event {id} at the same time.");
            }

            if (Encoding.UTF8.GetByteCount(notes) > ZoneMinderNotes.MostBytes)
            {
                return new(FateKind.Dead, $"The Notes of event {id} are full.");
            }

            var said = await api.WriteNotesAsync(id, notes, cancellationToken);
            if (said != Saved)
            {
                return said is null ? Deleted(id) : new(FateKind.Dead, $"ZoneMinder would not save the Notes of event {id}.");
            }
        }
    }

    private static FrameFate Deleted(long id) => new(FateKind.Pointless, $"Event {id} was deleted.");

    private FrameFate Waits(IReadOnlyList<DeliveredFrame> frames, string words) =>
        new(time.GetUtcNow() - frames[0].FrameTime < Longest ? FateKind.Waits : FateKind.Dead, words);
}
