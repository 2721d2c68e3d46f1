namespace OrleansAiFleet.Vision.Cameras;

/// <summary>What kind of place pictures come from.</summary>
public enum SourceKind
{
    /// <summary>A file or a directory on the worker.</summary>
    Path,

    /// <summary>HTTP: MJPEG, HLS or a recording.</summary>
    Http,

    /// <summary>RTSP, plain or over TLS.</summary>
    Rtsp,

    /// <summary>Another network protocol that ffmpeg reads (RTMP, SRT, RTP, UDP …).</summary>
    Network,
}

/// <summary>A source address taken apart, or the reason why it cannot be taken.</summary>
public sealed record SourceUrl
{
    /// <summary>What it is; meaningless with a <see cref="Refusal"/>.</summary>
    public SourceKind Kind { get; init; }

    /// <summary>The address without credentials: a path, or a URL without user information.</summary>
    public string Address { get; init; } = "";

    /// <summary>Scheme in lower case; <c>file</c> for a path.</summary>
    public string Scheme { get; init; } = "";

    /// <summary><c>user:password</c> as they stood in the URL, percent-decoded; null where there were none.</summary>
    public string? Credentials { get; init; }

    /// <summary>Why it is refused, as one sentence without any part of the address; null where it is taken.</summary>
    public string? Refusal { get; init; }

    // A record prints its members: the credentials must not be among them.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Kind = ").Append(Kind).Append(", Address = ").Append(SourceUrlPolicy.Redact(Address));
        return true;
    }
}
