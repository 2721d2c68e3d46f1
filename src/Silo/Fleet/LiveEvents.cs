using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>
/// Server-sent events (<see href="https://html.spec.whatwg.org/multipage/server-sent-events.html"/>): what can be read at any time, sent
/// whenever it changes. Each event is the whole of it, so that none need be made up for; whoever was cut off connects again.
/// </summary>
internal sealed class LiveEvents(TimeProvider time)
{
    /// <summary>Listeners at a time: each costs a look a second.</summary>
    public const int MostListeners = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    // Whoever loses a right loses sight no later than after this: connecting again asks for it.
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(5);

    private int _listeners;

    /// <summary>Sends what is read, as it changes.</summary>
    /// <param name="read">Reads all parts; null ends the stream.</param>
    /// <param name="cancellationToken">The listener is gone.</param>
    /// <exception cref="FleetRefusedException">Too many listen already.</exception>
    public IResult Follow(Func<CancellationToken, Task<LivePart[]?>> read, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _listeners) > MostListeners)
        {
            Interlocked.Decrement(ref _listeners);
            throw new FleetRefusedException(
                RefusalKind.Unavailable, null, $"{MostListeners} listen already: try again in a moment, or read the status now and then.");
        }

        return TypedResults.ServerSentEvents(ReadAllAsync(read, cancellationToken));
    }

    /// <summary>Sends one thing as it changes, until it is over.</summary>
    /// <param name="name">Name of its events.</param>
    /// <param name="read">Reads it; null ends the stream.</param>
    /// <param name="isOver">Whether nothing can follow.</param>
    /// <param name="cancellationToken">The listener is gone.</param>
    /// <exception cref="FleetRefusedException">Too many listen already.</exception>
    public IResult FollowToEnd<T>(string name, Func<Task<T?>> read, Func<T, bool> isOver, CancellationToken cancellationToken)
        where T : class
    {
        var wasOver = false;
        return Follow(
            async _ =>
            {
                if (wasOver || await read() is not { } now)
                {
                    return null;
                }

                wasOver = isOver(now);
                return [LivePart.Of(name, now)];
            },
            cancellationToken);
    }

    private async IAsyncEnumerable<SseItem<JsonElement>> ReadAllAsync(
        Func<CancellationToken, Task<LivePart[]?>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            var (begun, sent, number) = (time.GetTimestamp(), time.GetTimestamp(), 0L);
            var last = new Dictionary<string, string>();
            using var timer = new PeriodicTimer(Interval, time);
            do
            {
                if (await TryReadAsync(read, cancellationToken) is not { } parts)
                {
                    yield break;
                }

                foreach (var part in parts.Where(part => last.GetValueOrDefault(part.Event) != part.Key))
                {
                    last[part.Event] = part.Key;
                    sent = time.GetTimestamp();
                    yield return Item(part.Event, part.Value, ++number);
                }

                if (time.GetElapsedTime(sent) >= LongestSilence)
                {
                    sent = time.GetTimestamp();
                    yield return Item("heartbeat", JsonSerializer.SerializeToElement(time.GetUtcNow()), ++number);
                }
            }
            while (time.GetElapsedTime(begun) < LongestStream && await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    // What cannot be read now can be in a second: the listener sees no more than that nothing changes.
    private static async Task<LivePart[]?> TryReadAsync(Func<CancellationToken, Task<LivePart[]?>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read(cancellationToken);
        }
        catch (Exception failure) when (failure is FleetRefusedException { Kind: RefusalKind.Unavailable } or TimeoutException or OrleansException)
        {
            return [];
        }
    }

    private static SseItem<JsonElement> Item(string name, JsonElement value, long number) => new(value, name)
    {
        EventId = number.ToString(CultureInfo.InvariantCulture),
        ReconnectionInterval = Reconnect,
    };
}

/// <summary>One part of what is followed.</summary>
/// <param name="Event">Its name.</param>
/// <param name="Value">What it is now.</param>
/// <param name="Key">Equal where nothing changed that a listener wants to know.</param>
internal sealed record LivePart(string Event, JsonElement Value, string Key)
{
    /// <summary>A part that is sent whenever anything in it changes.</summary>
    public static LivePart Of<T>(string name, T value) => Of(name, value, value);

    /// <summary>A part that is sent whenever something else changes: what it is without the time of its reading.</summary>
    public static LivePart Of<T, TKey>(string name, T value, TKey key) => new(
        name, JsonSerializer.SerializeToElement(value, FleetJson.Options), JsonSerializer.Serialize(key, FleetJson.Options));
}
