using System.Buffers.Binary;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>What a dead process had counted of one window.</summary>
public readonly record struct InFlightWindow(WindowKey Window, Guid Reporter, long Decoded, long Completed)
{
    /// <summary>Reads a dead process's <see cref="InFlightLedgerFile"/>; empty where it left none or one not known here.</summary>
    public static IReadOnlyList<InFlightWindow> ReadAll(string folder)
    {
        var path = Path.Combine(folder, InFlightLedgerFile.FileName);
        if (!File.Exists(path))
        {
            return [];
        }

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < InFlightLedgerFile.HeaderBytes
            || BinaryPrimitives.ReadInt64LittleEndian(bytes) != InFlightLedgerFile.Magic)
        {
            return [];
        }

        var windows = new List<InFlightWindow>();
        for (var at = InFlightLedgerFile.HeaderBytes; at + InFlightLedgerFile.SlotBytes <= bytes.Length; at += InFlightLedgerFile.SlotBytes)
        {
            if (Read(bytes.AsSpan(at, InFlightLedgerFile.SlotBytes)) is { } window)
            {
                windows.Add(window);
            }
        }

        return windows;
    }

    /// <summary>
    /// The report that says what the process could not say any more: its last totals with all the frames it had decoded.
    /// Null where the last report said so already.
    /// </summary>
    public WindowReport? LastReport(WindowReport? last) =>
        last?.Totals.FramesDecoded >= Decoded || Decoded == 0
            ? null
            : new()
            {
                Window = Window,
                Reporter = Reporter,
                Sequence = (last?.Sequence ?? 0) + 1,
                Totals = (last?.Totals ?? new()) with { FramesDecoded = Decoded },
            };

    private static InFlightWindow? Read(ReadOnlySpan<byte> slot)
    {
        var start = BinaryPrimitives.ReadInt64LittleEndian(slot);
        return start <= 0 || start > DateTimeOffset.MaxValue.Ticks
            ? null
            : new(
                new(new Guid(slot[32..48]), new(start, TimeSpan.Zero)),
                new(slot[48..64]),
                BinaryPrimitives.ReadInt64LittleEndian(slot[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(slot[16..]));
    }
}
