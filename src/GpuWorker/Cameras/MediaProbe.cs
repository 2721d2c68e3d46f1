using System.Globalization;
using System.Text.Json;

using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>What a source says of its first video stream.</summary>
/// <param name="Width">As shown: after rotation, in pixels.</param>
/// <param name="Height">As shown: after rotation, in pixels.</param>
/// <param name="Fps">Average frames a second, or 0 where it does not say.</param>
/// <param name="Duration">Null for what has no end.</param>
/// <param name="Codec">ffmpeg's name.</param>
internal sealed record MediaDescription(int Width, int Height, double Fps, TimeSpan? Duration, string Codec);

/// <summary>Asks a source what it has, with ffprobe.</summary>
internal sealed class MediaProbe(ProcessLauncher launcher)
{
    private const int LongestAnswer = 64 * 1024;

    /// <exception cref="SourceException">It cannot be opened or has no video; the message is scrubbed.</exception>
    public async Task<MediaDescription> DescribeAsync(
        MediaSegment segment, CameraOptions options, CancellationToken cancellationToken)
    {
        if (segment.Size is { } known)
        {
            return new(known.Width, known.Height, 0, null, "picture");
        }

        var input = FfmpegInput.For(segment, options.Protocols);
        var log = new FfmpegLog(new(segment.Secret));
        await using var process = await launcher.StartAsync(
            options.Ffprobe,
            [
                "-loglevel", "level+error", "-of", "json", "-select_streams", "v:0", "-show_entries",
                "stream=codec_name,width,height,avg_frame_rate:stream_tags=rotate:stream_side_data=rotation:format=duration",
                .. input.Arguments,
            ],
            segment.Files,
            cancellationToken);
        var writing = process.WriteInputAsync(input.Script, cancellationToken);
        var following = log.FollowAsync(process.Errors, cancellationToken);
        var answer = await ReadAsync(process.Output, cancellationToken);
        await Task.WhenAll(writing, following);
        await process.WaitAsync(cancellationToken);
        return Parse(answer) ?? throw new SourceException(
            log.LastError ?? $"{SourceUrlPolicy.Redact(segment.Addresses[0])} has no video in it.");
    }

    internal static MediaDescription? Parse(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("streams", out var streams) || streams.GetArrayLength() == 0)
        {
            return null;
        }

        var stream = streams[0];
        var (width, height) = (Number(stream, "width"), Number(stream, "height"));
        if (width <= 0 || height <= 0)
        {
            return null;
        }

        if (IsTurned(stream))
        {
            (width, height) = (height, width);
        }

        var seconds = document.RootElement.TryGetProperty("format", out var format) ? Number(format, "duration") : 0;
        return new(
            (int)width, (int)height, Rate(Text(stream, "avg_frame_rate")),
            seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 1e9)) : null, Text(stream, "codec_name") ?? "");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestAnswer];
        var length = await output.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length < buffer.Length ? buffer.AsMemory(0, length) : default;
    }

    private static bool IsTurned(JsonElement stream)
    {
        var degrees = stream.TryGetProperty("tags", out var tags) ? Number(tags, "rotate") : 0;
        if (stream.TryGetProperty("side_data_list", out var list))
        {
            foreach (var item in list.EnumerateArray())
            {
                degrees = item.TryGetProperty("rotation", out _) ? Number(item, "rotation") : degrees;
            }
        }

        return Math.Abs(Math.Abs(degrees) % 180 - 90) < 1;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double Number(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? 0
            : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
            : double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static double Rate(string? ratio)
    {
        var parts = ratio?.Split('/') ?? [];
        return parts.Length == 2
            && double.TryParse(parts[0], CultureInfo.InvariantCulture, out var frames)
            && double.TryParse(parts[1], CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0 ? frames / seconds : 0;
    }
}
