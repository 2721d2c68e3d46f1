using System.Globalization;
using System.Text;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>How a segment is given to ffmpeg or ffprobe.</summary>
/// <param name="Arguments">Everything up to and with <c>-i</c>.</param>
/// <param name="Script">What goes to standard input, or null.</param>
/// <remarks>
/// Arguments can be read by every user of the machine. What has credentials or a query therefore goes through standard
/// input, as a script of ffmpeg's concat demuxer with one entry; so do playlists of pictures.
/// </remarks>
internal sealed record FfmpegInput(IReadOnlyList<string> Arguments, string? Script)
{
    private static readonly string[] HttpProtocols = ["http", "https", "tcp", "tls"];
    // For https by way of the proxy; leads nowhere but to the proxy.
    private static readonly string[] ProxyProtocols = ["httpproxy", "tcp"];
    private static readonly string[] RtspProtocols = ["rtsp", "rtsps", "rtp", "srtp", "udp", "tcp", "tls"];

    /// <summary>The input for a segment; only protocols that are allowed and that its kind needs may be opened on the way.</summary>
    public static FfmpegInput For(MediaSegment segment, IReadOnlyCollection<string> allowedProtocols)
    {
        var protocols = Needed(segment).Where(protocol => allowedProtocols.Contains(protocol, StringComparer.OrdinalIgnoreCase))
            .Concat(segment.Proxy is null ? [] : ProxyProtocols);
        var isPrivate = segment.PictureSeconds is not null
            || segment.Secret is not { User: null, Query: null }
            || segment.Addresses[0].Contains('?', StringComparison.Ordinal);
        var address = segment.Kind == SourceKind.Path ? "file:" + segment.Addresses[0] : segment.Addresses[0];

        return isPrivate
            ? new(
                ["-protocol_whitelist", string.Join(',', ["pipe", .. protocols]), "-f", "concat", "-safe", "0", "-i", "pipe:0"],
                ScriptOf(segment))
            : new(["-protocol_whitelist", string.Join(',', protocols), .. Options(segment), "-i", address], null);
    }

    private static string[] Needed(MediaSegment segment) => segment.Kind switch
    {
        SourceKind.Path => ["file"],
        SourceKind.Http => HttpProtocols,
        SourceKind.Rtsp => RtspProtocols,
        _ when segment.Scheme.StartsWith("rtmp", StringComparison.Ordinal) => [segment.Scheme, "tcp", "tls"],
        _ when segment.Scheme is "srt" or "rtp" or "srtp" => [segment.Scheme, "rtp", "udp"],
        _ => [segment.Scheme, "tcp"],
    };

    private static string[] Options(MediaSegment segment) => segment switch
    {
        { Kind: SourceKind.Rtsp } => ["-rtsp_transport", "tcp"],
        { Proxy: { } proxy } => ["-http_proxy", proxy],
        _ => [],
    };

    private static string ScriptOf(MediaSegment segment)
    {
        var script = new StringBuilder("ffconcat version 1.0\n");
        foreach (var address in segment.Addresses)
        {
            var full = segment.Kind == SourceKind.Path ? "file:" + address : segment.Secret.Open(address);
            script.Append("file '").Append(full.Replace("'", @"'\''", StringComparison.Ordinal)).Append("'\n");
            if (segment.PictureSeconds is { } seconds)
            {
                // A percent sign in a picture's name is no numbering pattern.
                script.Append("option pattern_type none\n")
                    .Append(CultureInfo.InvariantCulture, $"duration {seconds:0.######}\n");
            }
            else if (segment.Kind == SourceKind.Rtsp)
            {
                script.Append("option rtsp_transport tcp\n");
            }
            else if (segment.Proxy is { } proxy)
            {
                script.Append("option http_proxy ").Append(proxy).Append('\n');
            }
        }

        return script.ToString();
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Arguments = ").AppendJoin(' ', Arguments);
        return true;
    }
}
