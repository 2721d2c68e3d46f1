using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Keeps what the database will never take (a row that breaks a constraint) and what cannot be read back, in the folder
/// <c>rejected</c> beside the journals, for a person to look at. Bounded: the oldest go first.
/// </summary>
internal sealed partial class RejectedBatches(
    FrameBatchOptions options, FrameBatchMeter meter, TimeProvider time, ILogger logger)
{
    // What is rejected may well be rejected for a value that JSON has no number for.
    private static readonly JsonSerializerOptions Json =
        new(FleetJson.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, WriteIndented = true };

    private readonly string _folder = Path.Combine(options.JournalFolder, "rejected");

    /// <summary>Sets a batch aside.</summary>
    public void Add(FrameBatch batch, Exception reason)
    {
        var file = Keep(".json", JsonSerializer.SerializeToUtf8Bytes(new { reason = reason.Message, batch }, Json));
        LogRejected(logger, batch.Detections.Count, batch.Reports.Count, reason.Message, file);
    }

    /// <summary>Sets bytes aside that are no batch any more.</summary>
    public void Add(byte[] raw)
    {
        var file = raw.Length == 0 ? "nothing, its file is gone" : Keep(".bin", raw);
        meter.Rejected(0);
        LogDamaged(logger, raw.Length, file);
    }

    private string Keep(string extension, byte[] content)
    {
        var name = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)
            + "-" + Guid.NewGuid().ToString("N") + extension;
        try
        {
            Directory.CreateDirectory(_folder);
            MakeRoom(content.Length);
            var path = Path.Combine(_folder, name);
            File.WriteAllBytes(path, content);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "nothing, for the folder takes no file: " + exception.Message;
        }
    }

    private void MakeRoom(long bytes)
    {
        var files = new DirectoryInfo(_folder).GetFiles();
        var held = files.Sum(file => file.Length) + bytes;
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal).TakeWhile(_ => held > options.RejectedBytes))
        {
            held -= file.Length;
            file.Delete();
        }
    }

    [LoggerMessage(LogLevel.Error, "The database refuses {Detections} detections and {Reports} window reports for good: {Reason}; kept in {File}")]
    private static partial void LogRejected(ILogger logger, int detections, int reports, string reason, string file);

    [LoggerMessage(LogLevel.Error, "A journal record of {Bytes} bytes cannot be read back; kept in {File}")]
    private static partial void LogDamaged(ILogger logger, int bytes, string file);
}
