using System.Text.Json;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>A batch as bytes. Journals outlive versions: a change of layout takes a new version number.</summary>
internal static class FrameBatchCodec
{
    private const byte Version = 2;

    // Nothing was sent anywhere then.
    private const byte BeforeDestinations = 1;

    // Far above what a flush gives; a length beyond it is no length.
    internal const int LargestBatch = 64 << 20;

    public static byte[] Encode(FrameBatch batch)
    {
        using var stream = new MemoryStream(64 + (batch.Detections.Count * 160) + (batch.Reports.Count * 2048) + (batch.Outgoing.Count * 32));
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(batch.Detections.Count);
        foreach (var detection in batch.Detections)
        {
            Write(writer, detection);
        }

        writer.Write(batch.Reports.Count);
        foreach (var report in batch.Reports)
        {
            Write(writer, report);
        }

        writer.Write(batch.Outgoing.Count);
        foreach (var outgoing in batch.Outgoing)
        {
            Write(writer, outgoing.DetectionId);
            writer.Write(outgoing.Destination);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no batch.</exception>
    public static FrameBatch Decode(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            var version = reader.ReadByte();
            if (version is not (Version or BeforeDestinations))
            {
                throw new InvalidDataException($"A batch of version {version} is not known here.");
            }

            var detections = ReadMany(reader, bytes.Length, ReadDetection);
            var reports = ReadMany(reader, bytes.Length, ReadReport);
            return new(detections, reports)
            {
                Outgoing = version == BeforeDestinations ? [] : ReadMany(reader, bytes.Length, ReadOutgoing),
            };
        }
        catch (Exception exception) when (exception is EndOfStreamException or JsonException or FormatException)
        {
            throw new InvalidDataException("The bytes are no frame batch.", exception);
        }
    }

    private static void Write(BinaryWriter writer, Detection detection)
    {
        Write(writer, detection.Id);
        Write(writer, detection.CameraId);
        Write(writer, detection.SiteId);
        Write(writer, detection.DeploymentId);
        Write(writer, detection.ModelId);
        writer.Write(detection.FrameTime.UtcTicks);
        writer.Write(detection.FrameNumber);
        writer.Write(detection.TrackId.HasValue);
        writer.Write(detection.TrackId ?? 0);
        writer.Write(detection.ClassId);
        writer.Write(detection.ClassName);
        writer.Write(detection.Confidence);
        writer.Write(detection.X);
        writer.Write(detection.Y);
        writer.Write(detection.Width);
        writer.Write(detection.Height);
    }

    private static Detection ReadDetection(BinaryReader reader)
    {
        var detection = new Detection
        {
            Id = ReadGuid(reader),
            CameraId = ReadGuid(reader),
            SiteId = ReadGuid(reader),
            DeploymentId = ReadGuid(reader),
            ModelId = ReadGuid(reader),
            FrameTime = ReadTime(reader),
            FrameNumber = reader.ReadInt64(),
        };
        var tracked = reader.ReadBoolean();
        var track = reader.ReadInt64();
        return detection with
        {
            TrackId = tracked ? track : null,
            ClassId = reader.ReadInt32(),
            ClassName = reader.ReadString(),
            Confidence = reader.ReadSingle(),
            X = reader.ReadSingle(),
            Y = reader.ReadSingle(),
            Width = reader.ReadSingle(),
            Height = reader.ReadSingle(),
        };
    }

    private static OutgoingDetection ReadOutgoing(BinaryReader reader) => new(ReadGuid(reader), reader.ReadString());

    private static void Write(BinaryWriter writer, WindowReport report)
    {
        Write(writer, report.Window.DeploymentId);
        writer.Write(report.Window.Start.UtcTicks);
        Write(writer, report.Reporter);
        writer.Write(report.Sequence);
        var totals = JsonSerializer.SerializeToUtf8Bytes(report.Totals, FleetJson.Options);
        writer.Write(totals.Length);
        writer.Write(totals);
    }

    private static WindowReport ReadReport(BinaryReader reader)
    {
        var window = new WindowKey(ReadGuid(reader), ReadTime(reader));
        var reporter = ReadGuid(reader);
        var sequence = reader.ReadInt64();
        var totals = reader.ReadBytes(CheckedCount(reader.ReadInt32(), LargestBatch));
        return new()
        {
            Window = window,
            Reporter = reporter,
            Sequence = sequence,
            Totals = JsonSerializer.Deserialize<WindowTotals>(totals, FleetJson.Options)
                ?? throw new InvalidDataException("A report without totals."),
        };
    }

    private static T[] ReadMany<T>(BinaryReader reader, int limit, Func<BinaryReader, T> read)
    {
        var items = new T[CheckedCount(reader.ReadInt32(), limit)];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = read(reader);
        }

        return items;
    }

    // Every item takes at least a byte: a greater count is damage, and must not become an allocation.
    private static int CheckedCount(int count, int limit) =>
        count >= 0 && count <= limit ? count : throw new InvalidDataException($"{count} items cannot be.");

    private static void Write(BinaryWriter writer, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        writer.Write(bytes);
    }

    private static Guid ReadGuid(BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.ReadExactly(bytes);
        return new(bytes);
    }

    private static DateTimeOffset ReadTime(BinaryReader reader)
    {
        var ticks = reader.ReadInt64();
        return ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new(ticks, TimeSpan.Zero)
            : throw new InvalidDataException($"{ticks} ticks are no time.");
    }
}
